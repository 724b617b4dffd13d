using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;
using Stress.Reporting;

namespace Stress.CommandLine;

/// <summary>The usual help, with examples below it.</summary>
internal sealed class HelpWithExamples(HelpAction usual, IReadOnlyDictionary<Command, string> examples)
    : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (examples.TryGetValue(parseResult.CommandResult.Command, out string? example))
        {
            output.WriteLine(Reproduction.Tool == "stress"
                ? "Examples:"
                : $"Examples (stress is '{Reproduction.Tool}' here):");
            foreach (string line in example.Split('\n'))
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        output.WriteLine($"Exit codes: {ExitCode.Legend}.");
        return ExitCode.AsExpected;
    }
}
