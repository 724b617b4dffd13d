using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Data races that the real algorithms of the locks have on purpose.</summary>
public static class LockRaces
{
    /// <summary>Those of locks that sleep: <see cref="Mutex"/> and <see cref="RwSemaphore"/>.</summary>
    public static IReadOnlyList<KnownRace> Sleeping { get; } =
    [
        new("*.Waiter+0x28", "HandoffSet: a waiting writer asks without wait_lock whether the lock was promised to it, "
            + "which another one writes; it sleeps once more at worst (rwsem_down_write_slowpath, "
            + "kernel/locking/rwsem.c, v6.12)"),
        new("cpu+0x40", "OsqNode.Next: a CPU that queues again clears its node plainly, while the one that was "
            + "behind it may still compare and exchange it in vain (osq_lock, kernel/locking/osq_lock.c, v6.12)"),
        new("cpu+0x54", "OsqNode.Cpu: written plainly each time a CPU queues, and always the same number, while the "
            + "one behind asks on which CPU its predecessor was (node_cpu, kernel/locking/osq_lock.c, v6.12)"),
    ];

    /// <summary>Those of queued spin locks whose holder is interrupted by another one of its CPU.</summary>
    public static IReadOnlyList<KnownRace> Interrupted { get; } =
    [
        new("cpu+0xc", "McsNode.Count: the number of queue nodes in use is a plain per-CPU word; an interrupt between "
            + "the read and the write of an increment leaves it as it found it (queued_spin_lock_slowpath, "
            + "kernel/locking/qspinlock.c, v6.12)"),
    ];
}
