namespace Stress.Locks;

/// <summary>What versions of the rw_semaphore differ in.</summary>
public interface IRwSemaphoreRule
{
    /// <summary>Whether a granted reader's waiter is marked as granted before the reader is queued for a wakeup. Otherwise
    /// the wakeup may go out too early, to a task that then sleeps for good.</summary>
    static abstract bool GrantsBeforeWake { get; }

    /// <summary>Whether all readers of a batch are counted before the first of them is let go. Otherwise a fast one
    /// gives up a lock that it does not hold yet.</summary>
    static abstract bool CountsBeforeGrant { get; }

    /// <summary>Whether a waker that wants to let readers in takes their bias back when a writer has stolen the lock
    /// meanwhile. Otherwise readers and that writer are inside together.</summary>
    static abstract bool YieldsToStealingWriter { get; }

    /// <summary>Whether a reader that finds itself granted is ordered behind the writer that was there before.</summary>
    static virtual bool AcquiresGrant => true;

    /// <summary>Whether only the writer that the lock is promised to spins for it. Otherwise any waiting writer does, also
    /// one that keeps the promised one off its CPU.</summary>
    static virtual bool OnlyPromisedSpins => true;

    /// <summary>How many times a spinning writer looks at the lock between two looks at the clock: a power of two.</summary>
    static abstract uint SpinsPerClockLook { get; }
}

/// <summary>As in v6.12.</summary>
public readonly struct UpstreamRwSemaphore : IRwSemaphoreRule
{
    /// <inheritdoc/>
    public static bool GrantsBeforeWake => true;

    /// <inheritdoc/>
    public static bool CountsBeforeGrant => true;

    /// <inheritdoc/>
    public static bool YieldsToStealingWriter => true;

    /// <inheritdoc/>
    public static uint SpinsPerClockLook => 16;
}
