namespace Stress.Locks;

/// <summary>What versions of the rw_semaphore differ in; the defaults are v6.12.</summary>
/// <remarks>Constants of a type parameter, so that natively no branch is left.</remarks>
public interface IRwSemaphoreRule
{
    /// <summary>How many times a spinning writer looks at the lock between two looks at the clock: a power of two.</summary>
    static virtual uint SpinsPerClockLook => 16;

    /// <summary>Whether a writer may spin while the owner runs (<c>CONFIG_RWSEM_SPIN_ON_OWNER</c>).</summary>
    static virtual bool SpinsOnOwner => true;

    /// <summary>Whether Owner is kept: a hint for spinners, and for a reader that meets other readers.</summary>
    static virtual bool KeepsOwner => true;

    /// <summary>Whether the lock of the wait list is taken in one access, whatever the machine: enough where the spin
    /// lock was explored on its own.</summary>
    static virtual bool TakesWaitLockWhole => false;

    /// <summary>Whether a granted reader's waiter is marked as granted before the reader is queued for a wakeup. Otherwise
    /// the wakeup may go out too early, to a task that then sleeps for good.</summary>
    static virtual bool GrantsBeforeWake => true;

    /// <summary>Whether all readers of a batch are counted before the first of them is let go. Otherwise a fast one
    /// gives up a lock that it does not hold yet.</summary>
    static virtual bool CountsBeforeGrant => true;

    /// <summary>Whether a waker that wants to let readers in takes their bias back when a writer has stolen the lock
    /// meanwhile. Otherwise readers and that writer are inside together.</summary>
    static virtual bool YieldsToStealingWriter => true;

    /// <summary>Whether all readers that wait are let in with the first of them.</summary>
    static virtual bool GrantsWholeBatch => true;

    /// <summary>Whether a reader that finds itself granted is ordered behind the writer that was there before.</summary>
    static virtual bool AcquiresGrant => true;

    /// <summary>Whether only the writer that the lock is promised to spins for it. Otherwise any waiting writer does, also
    /// one that keeps the promised one off its CPU.</summary>
    static virtual bool OnlyPromisedSpins => true;

    /// <summary>Whether a writer takes a free lock by an acquire.</summary>
    static virtual bool AcquiresFreeWrite => true;

    /// <summary>Whether a reader enters the count by an acquire.</summary>
    static virtual bool AcquiresRead => true;

    /// <summary>Whether a writer that waits takes the lock by an acquire.</summary>
    static virtual bool AcquiresQueuedWrite => true;

    /// <summary>Whether a reader that was about to queue and finds the writer gone is ordered behind it.</summary>
    static virtual bool FencesEarlyExit => true;

    /// <summary>Whether a writer gives the lock up by a release.</summary>
    static virtual bool ReleasesWrite => true;

    /// <summary>Whether a writer looks for waiters in the access that gives the lock up. Otherwise it misses those that
    /// come between.</summary>
    static virtual bool LooksWithRelease => true;

    /// <summary>Whether the last reader wakes whoever waits.</summary>
    static virtual bool LastReaderWakes => true;

    /// <summary>Whether a reader that has queued wakes itself when the lock has become free. Otherwise nobody does.</summary>
    static virtual bool QueuedReaderWakes => true;

    /// <summary>Whether a writer that waits leaves the lock to readers that hold it.</summary>
    static virtual bool WaitsForReaders => true;

    /// <summary>Whether a waker of readers leaves Waiters set for the writers that go on waiting.</summary>
    static virtual bool WakerKeepsWaiters => true;

    /// <summary>Whether a writer that takes the lock leaves Waiters set for those behind it.</summary>
    static virtual bool WriterKeepsWaiters => true;

    /// <summary>Whether a reader queues when the lock is free, but promised to a waiter.</summary>
    static virtual bool ReaderHonoursHandoff => true;

    /// <summary>Whether a writer that waits leaves the lock to the one that it is promised to.</summary>
    static virtual bool WriterHonoursHandoff => true;
}

/// <summary>As in v6.12.</summary>
public readonly struct UpstreamRwSemaphore : IRwSemaphoreRule;
