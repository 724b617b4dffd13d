using Stress.Machine;

namespace Stress.Locks.Tests;

/// <summary>One task takes the lock in every way and looks at its words.</summary>
internal readonly partial struct RwSemaphoreWords(nint root) : IScenario<RwSemaphoreWords>
{
    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new() { Tasks = ScenarioPlan.OwnCpus("alone"), RootBytes = 64 };

    private RwSemaphore Lock => new(root, s_class);

    public static RwSemaphoreWords At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Lock.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        nint self = cpu.Current.Address;
        bool hasOwner = !cpu.HasAtomicLocks;
        Lock.DownRead(cpu);
        Expect(cpu, 256, hasOwner ? self | 1 : 0);
        cpu.Require(Lock.DownReadTrylock(cpu), "readers share");
        Expect(cpu, 512, hasOwner ? self | 1 : 0);
        cpu.Require(!Lock.DownWriteTrylock(cpu), "readers exclude a writer");
        Lock.UpRead(cpu);
        Lock.UpRead(cpu);
        Expect(cpu, 0, hasOwner ? self | 1 : 0);

        Lock.DownWrite(cpu);
        Expect(cpu, 1, hasOwner ? self : 0);
        cpu.Require(!Lock.DownReadTrylock(cpu), "a writer excludes readers");
        cpu.Require(Lock.IsLocked(cpu), "held");
        Lock.DowngradeWrite(cpu);
        Expect(cpu, 256, hasOwner ? self | 1 : 0);
        Lock.UpRead(cpu);

        cpu.Require(Lock.DownWriteTrylock(cpu), "free");
        Expect(cpu, 1, hasOwner ? self : 0);
        Lock.UpWrite(cpu);
        Expect(cpu, 0, 0);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Expect<TCpu>(TCpu cpu, ulong count, nint owner) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.ReadOnce(Lock.Count) == count, "count as documented");

        // A writer that has never been there leaves 0; a reader's hint stays behind.
        cpu.Require(cpu.ReadOnce(Lock.Owner) == owner, "owner as documented");
    }
}

/// <summary>A writer holds the lock while a reader and then a writer queue behind it.</summary>
internal readonly partial struct RwSemaphoreQueueWords(nint root) : IScenario<RwSemaphoreQueueWords>
{
    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("holder", "reader"),
        RootBytes = 64,
    };

    private RwSemaphore Lock => new(root, s_class);

    private AtomicU32 Stage => new(root + 48);

    public static RwSemaphoreQueueWords At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Lock.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 1)
        {
            cpu.WaitWhile(Stage, 0u);
            Lock.DownRead(cpu);
            cpu.Require(cpu.ReadOnce(Lock.Count) == 256, "one reader, nobody waits");
            cpu.Require(cpu.ReadOnce(Lock.Owner) == (cpu.Current.Address | 1), "the reader is the owner");
            Lock.UpRead(cpu);
            return;
        }

        Lock.DownWrite(cpu);
        cpu.WriteOnce(Stage, 1u);
        cpu.WaitWhile(cpu.TaskAt(1).State, TaskStruct.Running);
        cpu.Require(cpu.ReadOnce(Lock.Count) == 3, "a writer holds it, and somebody waits");
        cpu.Require(cpu.ReadOnce(new RwSemaphoreWaiter(cpu.TaskAt(1).Waiter).Task) == cpu.TaskAt(1).Address,
            "the waiter is not granted");
        cpu.Require(Lock.WaitList.First(cpu) == cpu.TaskAt(1).Waiter, "the waiter is first in the list");
        Lock.UpWrite(cpu);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.ReadOnce(Lock.Count) == 0, "free");
        cpu.Require(Lock.WaitList.First(cpu) == 0, "nobody is left in the list");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
