using Stress.Machine;

namespace Stress.Locks.Tests;

/// <summary>A holder watches the word while one task becomes pending and two queue, and then when all have gone.</summary>
internal readonly partial struct SpinLockWords(nint root) : IScenario<SpinLockWords>
{
    private const uint HeldAndPending = 0x101;
    private const uint SecondCpuQueues = (3u << 18) | HeldAndPending;
    private const uint ThirdCpuQueues = (4u << 18) | HeldAndPending;

    private static readonly LockClass s_class = new("spin");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("holder", "pending", "first of queue", "second of queue"),
        RootBytes = 64,
    };

    private QueuedSpinLock Lock => new(root, s_class);

    private AtomicU32 Stage => new(root + 8);

    private AtomicU32 Order => new(root + 12);

    public static SpinLockWords At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.Initialize(cpu);
        cpu.Require(!Lock.IsLocked(cpu), "a new lock is free");
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            Hold(cpu);
            return;
        }

        // Each waits until it is its turn to want the lock.
        for (uint stage = 0; stage < task; stage++)
        {
            cpu.WaitWhile(Stage, stage);
        }

        Lock.Acquire(cpu);
        cpu.Require(cpu.FetchAdd(Order, 1u) == task - 1, "served in the order of arrival");
        cpu.Require((cpu.ReadOnce(Lock.Value) & 0x1ff) == QueuedSpinLock.Locked, "held, and pending is clear");
        Lock.Release(cpu);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.ReadOnce(Lock.Value) == 0, "0 when everybody has gone");
        cpu.Require(cpu.ReadOnce(Order) == 3, "everybody was served");
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            cpu.Require(cpu.Read(new PerCpuArea(cpu.PerCpu(i)).Mcs.Count) == 0, "no nesting level is in use");
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Hold<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.Acquire(cpu);
        cpu.Require(cpu.ReadOnce(Lock.Value) == QueuedSpinLock.Locked, "locked byte only");
        cpu.Require(!Lock.TryAcquire(cpu), "a held lock cannot be tried");

        cpu.WriteOnce(Stage, 1u);
        cpu.WaitWhile(Lock.Value, QueuedSpinLock.Locked);
        cpu.Require(cpu.ReadOnce(Lock.Value) == HeldAndPending, "locked and pending");

        cpu.WriteOnce(Stage, 2u);
        cpu.WaitWhile(Lock.Value, HeldAndPending);
        cpu.Require(cpu.ReadOnce(Lock.Value) == SecondCpuQueues, "tail is CPU 2, level 0");

        cpu.WriteOnce(Stage, 3u);
        cpu.WaitWhile(Lock.Value, SecondCpuQueues);
        cpu.Require(cpu.ReadOnce(Lock.Value) == ThirdCpuQueues, "tail is CPU 3, level 0");
        Lock.Release(cpu);
    }
}
