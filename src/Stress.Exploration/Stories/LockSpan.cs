namespace Stress.Exploration;

/// <summary>How long a task had to do with a lock.</summary>
/// <param name="Lock">The lock's name.</param>
/// <param name="Task">The task.</param>
/// <param name="Use">How.</param>
/// <param name="From">The event that began it.</param>
/// <param name="To">The event that ended it; the number of events when none did.</param>
internal sealed record LockSpan(string Lock, int Task, LockUse Use, int From, int To);

/// <summary>What a task does with a lock.</summary>
internal enum LockUse
{
    /// <summary>It waits for it.</summary>
    Waits,

    /// <summary>It holds it with others.</summary>
    Reads,

    /// <summary>It holds it alone.</summary>
    Holds,
}
