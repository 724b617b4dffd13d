namespace Stress.Locks;

/// <summary>What versions of the queued spin lock differ in; the defaults are v6.12.</summary>
/// <remarks>Constants of a type parameter, so that natively no branch is left. Everything else than a default is wrong.
/// </remarks>
public interface IQueuedSpinLockRule
{
    /// <summary>Whether taking a free lock is an acquire.</summary>
    static virtual bool AcquiresWhenFree => true;

    /// <summary>Whether the pending one takes over by an acquire.</summary>
    static virtual bool AcquiresAsPending => true;

    /// <summary>Whether the head of the queue takes the lock by an acquire.</summary>
    static virtual bool AcquiresAsHead => true;

    /// <summary>Whether giving the lock up is a release.</summary>
    static virtual bool ReleasesLock => true;

    /// <summary>Whether giving the lock up leaves the bits of those who wait alone.</summary>
    static virtual bool ReleasesByteOnly => true;

    /// <summary>Whether the pending one takes the lock and gives pending up in one store. Otherwise the word is free
    /// in between.</summary>
    static virtual bool TakesOverAtOnce => true;

    /// <summary>Whether somebody who became pending behind a queue takes back no more than that. Otherwise the holder
    /// loses the lock.</summary>
    static virtual bool TakesBackPendingOnly => true;

    /// <summary>Whether a node is cleared before its tail is published. Otherwise it may lose its successor.</summary>
    static virtual bool ClearsNodeFirst => true;

    /// <summary>Whether the node's clearing is ordered before its tail.</summary>
    static virtual bool FencesNode => true;

    /// <summary>Whether whoever queues behind another waits for it to become the holder.</summary>
    static virtual bool WaitsForHandOver => true;

    /// <summary>Whether handing the head of the queue over is a release.</summary>
    static virtual bool ReleasesHandOver => true;

    /// <summary>Whether the head of the queue lets the pending one go first.</summary>
    static virtual bool YieldsToPending => true;

    /// <summary>Whether the head of the queue takes the tail away only when it is the last. Otherwise those behind it
    /// are forgotten.</summary>
    static virtual bool KeepsLaterTail => true;
}

/// <summary>As in v6.12.</summary>
public readonly struct UpstreamQueuedSpinLock : IQueuedSpinLockRule;
