using System;

namespace Stress.Exploration;

/// <summary>A trace cannot be used. The message is one line that says which, why, and what to do.</summary>
public sealed class TraceException : Exception
{
    /// <summary>Without a message.</summary>
    public TraceException()
    {
    }

    /// <summary>With a message.</summary>
    public TraceException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public TraceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
