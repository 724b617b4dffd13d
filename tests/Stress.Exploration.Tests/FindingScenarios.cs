using System;
using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>What a <see cref="Specimen{TFault}"/> does wrong.</summary>
public interface IFault
{
    static abstract int Tasks { get; }

    static virtual bool IsWorkerLast => false;

    static virtual int AllocationFailures => 0;
}

/// <summary>Objects for the specimens.</summary>
public readonly struct Thing(nint at) : IHandle
{
    public static SlabCache Cache { get; } = SlabCache.For<Thing>("thing");

    public static int Bytes => 16;

    public nint Address => at;

    public PlainU64 First => new(at);

    public AtomicU64 Second => new(at + 8);
}

/// <summary>Two tasks, with one thing wrong: a scenario for each kind of finding.</summary>
public readonly partial struct Specimen<TFault>(nint root) : IScenario<Specimen<TFault>>
    where TFault : struct, IFault
{
    private static readonly LockClass s_a = new("lock_a");
    private static readonly LockClass s_b = new("lock_b");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = TFault.IsWorkerLast
            ? [new("first", 0), new("second", 1), new("worker", 2, IsWorker: true)]
            : ScenarioPlan.OwnCpus([.. new[] { "first", "second", "third" }.AsSpan(0, TFault.Tasks)]),
        RootBytes = 256,
        AllocationFailures = TFault.AllocationFailures,
        MaxPoints = 2_000,
    };

    private TestLock A => new(root, s_a);

    private TestLock B => new(root + 8, s_b);

    private PlainU64 Count => new(root + 16);

    private AtomicPtr Shared => new(root + 24);

    private AtomicU32 Flag => new(root + 32);

    public static Specimen<TFault> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (typeof(TFault) == typeof(UsesAfterFree) || typeof(TFault) == typeof(FreesTwice))
        {
            nint thing = cpu.Alloc(Thing.Cache);
            cpu.WriteOnce(new Thing(thing).Second, 7ul);
            cpu.StoreRelease(Shared, thing);
        }
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.Enter("act", task);
        if (typeof(TFault) == typeof(LosesUpdates))
        {
            cpu.Write(Count, cpu.Read(Count) + 1);
        }
        else if (typeof(TFault) == typeof(KeepsUpdates))
        {
            A.Acquire(cpu);
            cpu.Write(Count, cpu.Read(Count) + 1);
            A.Release(cpu);
        }
        else if (typeof(TFault) == typeof(HitsBug))
        {
            cpu.BugOn(cpu.FetchAdd(Flag, 1u) == 1, "BUG_ON(second)");
        }
        else if (typeof(TFault) == typeof(BreaksInvariant))
        {
            cpu.FetchAdd(Flag, 1u);
        }
        else if (typeof(TFault) == typeof(Warns))
        {
            cpu.WarnOn(cpu.FetchAdd(Flag, 1u) == 1, "WARN_ON(second)");
        }
        else if (typeof(TFault) == typeof(UsesAfterFree))
        {
            UseOrFree(cpu, task);
        }
        else if (typeof(TFault) == typeof(FreesTwice))
        {
            cpu.Free(Thing.Cache, cpu.ReadOnce(Shared));
        }
        else if (typeof(TFault) == typeof(Leaks))
        {
            cpu.Alloc(Thing.Cache);
        }
        else if (typeof(TFault) == typeof(LeaksOnFailure))
        {
            LeakOnFailure(cpu);
        }
        else if (typeof(TFault) == typeof(LocksInOppositeOrder))
        {
            TestLock first = task == 0 ? A : B;
            TestLock second = task == 0 ? B : A;
            first.Acquire(cpu);
            second.Acquire(cpu);
            second.Release(cpu);
            first.Release(cpu);
        }
        else if (typeof(TFault) == typeof(EndsWithTheLock))
        {
            A.Acquire(cpu);
        }
        else if (typeof(TFault) == typeof(ParksTooLate))
        {
            SleepOrWake(cpu, task, testsAfterAnnouncing: false);
        }
        else if (typeof(TFault) == typeof(ParksInTime))
        {
            SleepOrWake(cpu, task, testsAfterAnnouncing: true);
        }
        else if (typeof(TFault) == typeof(StaysInReadSection))
        {
            HoldUpGracePeriod(cpu, task);
        }
        else if (typeof(TFault) == typeof(SpinsForEver))
        {
            while (cpu.ReadOnce(Flag) == 0)
            {
                cpu.WriteOnce(Flag, 0u);
            }
        }
        else if (typeof(TFault) == typeof(Throws))
        {
            cpu.WriteOnce(Flag, 1u);
            throw new InvalidOperationException("the model is wrong");
        }
        else if (typeof(TFault) == typeof(SleepsWhileAtomic))
        {
            cpu.PreemptDisable();
            cpu.PrepareToPark();
            cpu.Park();
        }
        else if (typeof(TFault) == typeof(FollowsNull))
        {
            cpu.Read(new Thing(cpu.ReadOnce(Shared)).First);
        }
        else if (typeof(TFault) == typeof(ServesWithWorker))
        {
            Serve(cpu, task);
        }

        cpu.Leave();
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(typeof(TFault) != typeof(BreaksInvariant) || cpu.ReadOnce(Flag) < 2, "Flag stays below 2");

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (typeof(TFault) == typeof(LosesUpdates) || typeof(TFault) == typeof(KeepsUpdates))
        {
            cpu.Require(cpu.Read(Count) == (ulong)TFault.Tasks, "every update is counted");
        }

        if (typeof(TFault) == typeof(ServesWithWorker))
        {
            cpu.Require(cpu.Read(Count) == 2, "the worker served everybody");
        }

        if (typeof(TFault) == typeof(EndsWithTheLock))
        {
            A.Acquire(cpu);
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void UseOrFree<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            cpu.ReadOnce(new Thing(cpu.ReadOnce(Shared)).Second);
        }
        else
        {
            cpu.Free(Thing.Cache, cpu.ReadOnce(Shared));
        }
    }

    private static void LeakOnFailure<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint first = cpu.Alloc(Thing.Cache);
        nint second = cpu.Alloc(Thing.Cache);
        if (second == 0)
        {
            return;
        }

        cpu.Free(Thing.Cache, second);
        if (first != 0)
        {
            cpu.Free(Thing.Cache, first);
        }
    }

    private void SleepOrWake<TCpu>(TCpu cpu, int task, bool testsAfterAnnouncing) where TCpu : struct, ICpu
    {
        if (task == 1)
        {
            cpu.WriteOnce(Flag, 1u);
            cpu.Unpark(cpu.TaskAt(0));
            return;
        }

        if (!testsAfterAnnouncing)
        {
            // Wrong: the wake-up may come between the test and the announcement.
            if (cpu.ReadOnce(Flag) == 0)
            {
                cpu.PrepareToPark();
                cpu.Park();
            }

            return;
        }

        cpu.PrepareToPark();
        while (cpu.ReadOnce(Flag) == 0)
        {
            cpu.Park();
            cpu.PrepareToPark();
        }

        cpu.CancelPark();
    }

    private static void HoldUpGracePeriod<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            cpu.WriteOnce(cpu.Current.RcuNesting, 1u);
        }
        else
        {
            cpu.WaitForClear(cpu.TaskAt(0).RcuNesting, 0xffffu);
        }
    }

    private void Serve<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task < 2)
        {
            cpu.FetchAdd(Flag, 1u);
            return;
        }

        while (cpu.WaitForWork(Flag, 0u))
        {
            uint work = cpu.Exchange(Flag, 0u);
            cpu.Write(Count, cpu.Read(Count) + work);
        }
    }
}
