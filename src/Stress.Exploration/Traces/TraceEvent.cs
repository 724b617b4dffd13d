namespace Stress.Exploration;

/// <summary>Something that happened in a recorded run, in words.</summary>
/// <param name="Task">The task that did it.</param>
/// <param name="Op">What it did.</param>
/// <param name="Place">The name of the cell, lock, object or operation.</param>
/// <param name="Before">The cell's value before; the arguments or the result of an operation.</param>
/// <param name="A">First operand.</param>
/// <param name="B">Second operand.</param>
/// <param name="IsPointer">Whether the cell holds, or is given, a pointer.</param>
internal readonly record struct TraceEvent(
    int Task, AccessOp Op, string Place, string Before = "", string A = "", string B = "", bool IsPointer = false)
{
    /// <summary>Whether the task had to wait, as opposed to making the access.</summary>
    public bool IsWait { get; init; }

    /// <summary>Who holds the lock that the task waits for; empty when it waits for no lock.</summary>
    public string Holder { get; init; } = "";

    /// <summary>The newest value of a cell of which an older one was read; empty when the newest was read.</summary>
    public string Newest { get; init; } = "";

    /// <summary>Address of the cell or the lock; 0 for an event without one.</summary>
    public nint At { get; init; }

    /// <summary>Accesses that the task had made with this event, or will have when its wait is over.</summary>
    public int Step { get; init; }
}
