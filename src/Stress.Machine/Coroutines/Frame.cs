using System;

namespace Stress.Machine;

/// <summary>One suspended twin: its local variables, and who waits for its result.</summary>
public abstract class Frame
{
    /// <summary>The method that awaits this one; null for the outermost.</summary>
    internal Frame? Caller { get; set; }

    /// <summary>Whether the method has returned or thrown.</summary>
    internal bool IsDone { get; set; }

    /// <summary>What the method threw.</summary>
    internal Exception? Error { get; set; }

    /// <summary>Runs the method to its next suspension or its end.</summary>
    /// <returns>Its caller when it ended; null when it is suspended again.</returns>
    internal Frame? Resume()
    {
        MoveNext();
        return IsDone ? Caller : null;
    }

    /// <summary>Lets the frame be used for another call.</summary>
    internal abstract void Recycle();

    /// <summary>Runs the state machine.</summary>
    private protected abstract void MoveNext();
}

/// <summary>A frame with a result.</summary>
/// <typeparam name="T">The twin's result; an empty struct when it has none.</typeparam>
internal abstract class Frame<T> : Frame
{
    public T Result = default!;

    public T Take()
    {
        T result = Result;
        Exception? error = Error;
        Recycle();
        return error is null ? result : throw new InvalidOperationException(error.Message, error);
    }
}
