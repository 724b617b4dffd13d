using System.CommandLine;

namespace Stress.CommandLine;

/// <summary>One command of the command line.</summary>
internal interface ICommandFactory
{
    /// <summary>Command lines that work as pasted, one each line.</summary>
    string Examples { get; }

    /// <summary>Makes it.</summary>
    Command Create();
}
