namespace Stress.Locks;

/// <summary>The bits of the two words of an <see cref="RwSemaphore"/>.</summary>
/// <remarks>
/// <code>
/// Count   meaning
/// 0       WriterLocked: a writer holds it
/// 1       Waiters: the wait list is not empty
/// 2       Handoff: the first waiter has waited long enough; nobody may steal from it
/// 3-7     unused (see RwSemaphore for its short form)
/// 8-62    readers: those that hold it, and for a moment those that try or are being granted
/// 63      guard: too many readers
///
/// Owner   meaning
/// 0       ReaderOwned: the task is one of the readers, or was: a hint only
/// 1       NonSpinnable: writers had better sleep
/// 2-63    address of the task; 0 when a writer has let go
/// </code>
/// Invariants: never WriterLocked together with a granted reader. While WaitLock is free, Waiters is set exactly when
/// the list is not empty, and Handoff only then. Handoff changes only under WaitLock.
/// </remarks>
public static class RwSemaphoreWord
{
    /// <summary>A writer holds it.</summary>
    public const ulong WriterLocked = 1;

    /// <summary>The wait list is not empty.</summary>
    public const ulong Waiters = 2;

    /// <summary>The lock is reserved for the first waiter.</summary>
    public const ulong Handoff = 4;

    /// <summary>One reader.</summary>
    public const ulong ReaderBias = 256;

    /// <summary>What to add to take one reader away.</summary>
    public const ulong LessReader = unchecked(0 - ReaderBias);

    /// <summary>What to add to take the writer away.</summary>
    public const ulong LessWriter = unchecked(0 - WriterLocked);

    /// <summary>Position of the number of readers.</summary>
    public const int ReaderShift = 8;

    /// <summary>The guard bit: the word is negative.</summary>
    public const ulong ReadFail = 1ul << 63;

    /// <summary>All readers, with the guard bit.</summary>
    public const ulong ReaderMask = ~(ReaderBias - 1);

    /// <summary>Whoever holds the lock.</summary>
    public const ulong LockMask = WriterLocked | ReaderMask;

    /// <summary>What sends a reader to the slow path.</summary>
    public const ulong ReadFailedMask = WriterLocked | Waiters | Handoff | ReadFail;

    /// <summary>Bit of the owner: it is a reader.</summary>
    public const nint ReaderOwned = 1;

    /// <summary>Bit of the owner: do not spin.</summary>
    public const nint NonSpinnable = 2;

    /// <summary>The bits of the owner that are no address.</summary>
    public const nint OwnerFlags = ReaderOwned | NonSpinnable;
}
