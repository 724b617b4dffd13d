using System;

namespace Stress.Machine;

/// <summary>Ends a task of a failed run. Thrown and caught by machines only.</summary>
public sealed class RunFailedException : Exception
{
    /// <summary>Without a text.</summary>
    public RunFailedException()
    {
    }

    /// <summary>With the finding's text.</summary>
    public RunFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With the finding's text and a cause.</summary>
    public RunFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With a finding.</summary>
    public RunFailedException(FindingKind kind, string message)
        : base(message)
        => Kind = kind;

    /// <summary>What went wrong.</summary>
    public FindingKind Kind { get; }
}
