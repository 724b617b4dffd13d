#pragma warning disable CS1591
using System;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Read side: extension methods of the cpu.</summary>
public static partial class RcuReadSide
{
    public static void RcuReadLock<TCpu>(this TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public static void RcuReadUnlock<TCpu>(this TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
}

/// <summary>struct rcu_head: next @0 (8), func @8 (8: a number that the worker's dispatcher knows).</summary>
public readonly struct RcuHead(nint at) : IHandle
{
    public static int Bytes => 16;
    public nint Address => at;
    public AtomicPtr Next => new(at);
    public PlainU64 Function => new(at + 8);
}

/// <summary>Update side: one instance a scenario, inside its root block.</summary>
public readonly partial struct Rcu(nint at) : IHandle
{
    public static int Bytes => 64;
    public nint Address => at;
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    /// <summary>synchronize_rcu.</summary>
    public void Synchronize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    /// <summary>call_rcu / kfree_rcu: queues; never waits.</summary>
    public void Call<TCpu>(TCpu cpu, RcuHead head, ulong function) where TCpu : struct, ICpu => throw new NotImplementedException();
    /// <summary>For the worker task: waits for callbacks and for a grace period after them. Returns the first head of the batch (linked by Next), or 0 when nothing is left and the others have ended.</summary>
    public nint WaitForBatch<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    /// <summary>For Teardown: takes what is still queued, without a grace period (nobody runs any more).</summary>
    public nint TakeAll<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
}
