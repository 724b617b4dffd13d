using Stress.Locks;

namespace Stress.Scenarios.Locks;

/// <summary>v6.12 where nobody spins, and the wait list is locked in one access.</summary>
public readonly struct SleepingRwSemaphoreWithOwner : IRwSemaphoreRule
{
    public static bool SpinsOnOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>The same without Owner, which is a hint to those who spin: small enough to explore all of it.</summary>
public readonly struct SleepingRwSemaphore : IRwSemaphoreRule
{
    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a waker lets readers in although a writer has stolen the lock.</summary>
public readonly struct SleepsIgnoringStealer : IRwSemaphoreRule
{
    public static bool YieldsToStealingWriter => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: one reader of those that wait is let in.</summary>
public readonly struct GrantsOneReader : IRwSemaphoreRule
{
    public static bool GrantsWholeBatch => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Before 99143f82a255: a granted reader is not ordered behind the writer.</summary>
public readonly struct SleepsWithoutAcquire : IRwSemaphoreRule
{
    public static bool AcquiresGrant => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a writer takes a free lock by a relaxed exchange.</summary>
public readonly struct FreeWriteRelaxed : IRwSemaphoreRule
{
    public static bool AcquiresFreeWrite => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a reader enters the count by a relaxed addition.</summary>
public readonly struct ReadRelaxed : IRwSemaphoreRule
{
    public static bool AcquiresRead => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a writer that waits takes the lock by a relaxed exchange.</summary>
public readonly struct QueuedWriteRelaxed : IRwSemaphoreRule
{
    public static bool AcquiresQueuedWrite => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Before e1b98fa31664: a reader that finds the writer gone is not ordered behind it.</summary>
public readonly struct EarlyExitUnfenced : IRwSemaphoreRule
{
    public static bool FencesEarlyExit => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a writer gives the lock up by a relaxed addition.</summary>
public readonly struct UpWriteRelaxed : IRwSemaphoreRule
{
    public static bool ReleasesWrite => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a writer looks for waiters before it gives the lock up.</summary>
public readonly struct LooksBeforeRelease : IRwSemaphoreRule
{
    public static bool LooksWithRelease => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: the last reader wakes nobody.</summary>
public readonly struct LastReaderWakesNobody : IRwSemaphoreRule
{
    public static bool LastReaderWakes => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a reader that queues when the lock is free again sleeps all the same.</summary>
public readonly struct QueuedReaderWakesNobody : IRwSemaphoreRule
{
    public static bool QueuedReaderWakes => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a writer that waits takes the lock from readers.</summary>
public readonly struct JoinsReaders : IRwSemaphoreRule
{
    public static bool WaitsForReaders => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a waker of readers clears Waiters though writers wait.</summary>
public readonly struct WakerDropsWaiters : IRwSemaphoreRule
{
    public static bool WakerKeepsWaiters => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a writer that takes the lock clears Waiters though others wait.</summary>
public readonly struct WriterDropsWaiters : IRwSemaphoreRule
{
    public static bool WriterKeepsWaiters => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a reader takes a free lock that is promised to a waiter.</summary>
public readonly struct ReaderStealsPromise : IRwSemaphoreRule
{
    public static bool ReaderHonoursHandoff => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}

/// <summary>Mutant: a waiting writer takes a free lock that is promised to another.</summary>
public readonly struct WriterStealsPromise : IRwSemaphoreRule
{
    public static bool WriterHonoursHandoff => false;

    public static bool SpinsOnOwner => false;

    public static bool KeepsOwner => false;

    public static bool TakesWaitLockWhole => true;
}
