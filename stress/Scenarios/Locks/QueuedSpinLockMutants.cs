using Stress.Locks;

namespace Stress.Scenarios.Locks;

/// <summary>Mutant: a free lock is taken by a relaxed exchange.</summary>
public readonly struct RelaxedWhenFree : IQueuedSpinLockRule
{
    public static bool AcquiresWhenFree => false;
}

/// <summary>Mutant: the pending one takes over by relaxed loads.</summary>
public readonly struct RelaxedPending : IQueuedSpinLockRule
{
    public static bool AcquiresAsPending => false;
}

/// <summary>Mutant: the head of the queue takes the lock by a relaxed load.</summary>
public readonly struct RelaxedHead : IQueuedSpinLockRule
{
    public static bool AcquiresAsHead => false;
}

/// <summary>Mutant: the lock is given up by a relaxed store.</summary>
public readonly struct RelaxedGive : IQueuedSpinLockRule
{
    public static bool ReleasesLock => false;
}

/// <summary>Mutant: the lock is given up by a store to the whole word.</summary>
public readonly struct GivesWholeWord : IQueuedSpinLockRule
{
    public static bool ReleasesByteOnly => false;
}

/// <summary>Mutant: the pending one gives pending up before it takes the lock.</summary>
public readonly struct TakesOverInTwoSteps : IQueuedSpinLockRule
{
    public static bool TakesOverAtOnce => false;
}

/// <summary>Mutant: whoever takes its pending back takes the lock from its holder too.</summary>
public readonly struct TakesBackHolder : IQueuedSpinLockRule
{
    public static bool TakesBackPendingOnly => false;
}

/// <summary>Mutant: a node is cleared once its tail is published.</summary>
public readonly struct ClearsNodeLate : IQueuedSpinLockRule
{
    public static bool ClearsNodeFirst => false;
}

/// <summary>Mutant: nothing orders the clearing of a node before its tail.</summary>
public readonly struct UnfencedNode : IQueuedSpinLockRule
{
    public static bool FencesNode => false;
}

/// <summary>Mutant: whoever queues behind another does not wait for it.</summary>
public readonly struct SkipsHandOver : IQueuedSpinLockRule
{
    public static bool WaitsForHandOver => false;
}

/// <summary>Mutant: the head of the queue is handed over by a relaxed store.</summary>
public readonly struct RelaxedHandOver : IQueuedSpinLockRule
{
    public static bool ReleasesHandOver => false;
}

/// <summary>Mutant: the head of the queue goes before the pending one.</summary>
public readonly struct IgnoresPending : IQueuedSpinLockRule
{
    public static bool YieldsToPending => false;
}

/// <summary>Mutant: the head of the queue takes the tail of those behind it away.</summary>
public readonly struct ForgetsTail : IQueuedSpinLockRule
{
    public static bool KeepsLaterTail => false;
}
