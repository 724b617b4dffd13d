using Stress.Machine;

namespace Stress.Exploration.Tests.Shrinking;

/// <summary>What goes wrong in a <see cref="Crowd{TFault}"/>, and what must not be cut there.</summary>
public interface ICrowdFault;

/// <summary>Updates are lost between two tasks; a third one, and later operations, have nothing to do with it.</summary>
public readonly struct LosesAmongMany : ICrowdFault;

/// <summary>The same, where every task has to have added.</summary>
public readonly struct LosesOfAll : ICrowdFault;

/// <summary>The first operation always adds too much.</summary>
public readonly struct CountsWrong : ICrowdFault;

/// <summary>The first task's first operation fails by itself.</summary>
public readonly struct FailsAlone : ICrowdFault;

/// <summary>An operation ends with a lock that the next one gives up; the update beside it is lost.</summary>
public readonly struct HoldsBetweenOperations : ICrowdFault;

/// <summary>One task takes an object and another one gives it back, unless both look at once.</summary>
public readonly struct HandsOver : ICrowdFault;

/// <summary>The update of one task is lost where a coin falls so.</summary>
public readonly struct DrawsOften : ICrowdFault;

/// <summary>Three tasks of several operations each.</summary>
public readonly partial struct Crowd<TFault>(nint root) : IScenario<Crowd<TFault>>
    where TFault : struct, ICrowdFault
{
    private static readonly LockClass s_lock = new("lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "bystander"),
        RootBytes = 256,
        MaxPoints = 2_000,
    };

    private AtomicU64 Count => new(root);

    private AtomicU64 Other => new(root + 8);

    private AtomicPtr Shared => new(root + 16);

    private TestLock Lock => new(root + 24, s_lock);

    public static Crowd<TFault> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.WriteOnce(Count, 0ul);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (typeof(TFault) == typeof(HandsOver))
        {
            HandOver(cpu, task);
        }
        else if (typeof(TFault) == typeof(HoldsBetweenOperations))
        {
            AddWithLockHeld(cpu);
        }
        else if (task == 2 && typeof(TFault) != typeof(LosesOfAll))
        {
            Rest(cpu);
        }
        else
        {
            Add(cpu, task);
        }

        Rest(cpu);
        Rest(cpu);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ulong expected = typeof(TFault) == typeof(HandsOver) ? 0ul
            : typeof(TFault) == typeof(LosesOfAll) || typeof(TFault) == typeof(HoldsBetweenOperations) ? 3ul : 2ul;
        cpu.Require(cpu.ReadOnce(Count) == expected, "no update is lost");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Add<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.Enter("add", task);
        ulong step = typeof(TFault) == typeof(CountsWrong) && task == 0 ? 2ul : 1ul;
        cpu.BugOn(typeof(TFault) == typeof(FailsAlone) && task == 0, "BUG_ON(first)");
        bool isSlow = typeof(TFault) != typeof(DrawsOften) || cpu.Choose(4) + cpu.Choose(4) >= 2;
        if (isSlow)
        {
            cpu.WriteOnce(Count, cpu.ReadOnce(Count) + step);
        }
        else
        {
            cpu.FetchAdd(Count, step);
        }

        cpu.Leave();
    }

    private void AddWithLockHeld<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("lock");
        ulong seen = cpu.ReadOnce(Count);
        Lock.Acquire(cpu);
        cpu.Leave();
        cpu.Enter("unlock");
        cpu.WriteOnce(Count, seen + 1);
        Lock.Release(cpu);
        cpu.Leave();
    }

    // The object is left over only when the second task looks before it is there, and the first one not after that.
    private void HandOver<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.Enter("hand over", task);
        if (task == 0)
        {
            nint thing = cpu.Alloc(Thing.Cache);
            if (cpu.ReadOnce(Other) >= 100)
            {
                cpu.Free(Thing.Cache, thing);
            }
            else
            {
                cpu.StoreRelease(Shared, thing);
            }
        }
        else if (task == 1)
        {
            nint thing = cpu.LoadAcquire(Shared);
            cpu.FetchAdd(Other, 100ul);
            if (thing != 0)
            {
                cpu.Free(Thing.Cache, thing);
            }
        }

        cpu.Leave();
    }

    private void Rest<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("rest");
        cpu.FetchAdd(Other, 1ul);
        cpu.Leave();
    }
}
