using Stress.Locks;

namespace Stress.Scenarios.Locks;

/// <summary>The rw_semaphore of v6.12 whose spinners look at the clock each time, so that short runs get that far.</summary>
public readonly struct EagerClock : IRwSemaphoreRule
{
    public static uint SpinsPerClockLook => 1;
}

/// <summary>Before e158488be27b: a granted reader is queued for its wakeup before it is marked as granted.</summary>
public readonly struct WakesBeforeGrant : IRwSemaphoreRule
{
    public static bool GrantsBeforeWake => false;

    public static uint SpinsPerClockLook => 1;
}

/// <summary>Before a9e9bcb45b15: readers are let go before they are all counted.</summary>
public readonly struct GrantsBeforeCount : IRwSemaphoreRule
{
    public static bool CountsBeforeGrant => false;

    public static uint SpinsPerClockLook => 1;
}

/// <summary>A waker lets readers in although a writer has stolen the lock before it counted them.</summary>
public readonly struct IgnoresStealingWriter : IRwSemaphoreRule
{
    public static bool YieldsToStealingWriter => false;

    public static uint SpinsPerClockLook => 1;
}

/// <summary>Before 99143f82a255: a reader that was granted the lock may have read ahead of the writer before it.</summary>
public readonly struct GrantWithoutAcquire : IRwSemaphoreRule
{
    public static bool AcquiresGrant => false;

    public static uint SpinsPerClockLook => 1;
}

/// <summary>Before b613c7f31476: a writer spins on a promise that was made to another.</summary>
public readonly struct AnyWriterSpins : IRwSemaphoreRule
{
    public static bool OnlyPromisedSpins => false;
}
