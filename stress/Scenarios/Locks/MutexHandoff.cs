using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Equivalent to v6.12: whoever the mutex was handed to asks for a handoff, and is its owner already.</summary>
public readonly struct HandsOverUnmarked : IMutexRule
{
    public static bool MarksPickup => false;
}

/// <summary>Mutant: a mutex is given up before it is handed over.</summary>
public readonly struct HandsOverLate : IMutexRule
{
    public static bool HandsOverAtOnce => false;
}

/// <summary>A waiter asks for a mutex to be handed over, and another task wants it at that moment.</summary>
public readonly partial struct MutexHandoff<TRule>(nint root) : IScenario<MutexHandoff<TRule>>
    where TRule : struct, IMutexRule
{
    private const int Holder = 0;
    private const int Waiter = 1;

    private static readonly LockClass s_class = new("mutex");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("holder", "waiter", "other"),
        RootBytes = 128,
        ExploresRealLocks = true,
        KnownRaces = LockRaces.Sleeping,
    };

    private MutexCore<TRule> Lock => new(root, s_class);

    private AtomicU32 Inside => new(root + 64);

    // 0: start; 1: the holder holds the mutex; 2: the waiter has asked for it.
    private AtomicU32 Stage => new(root + 68);

    public static MutexHandoff<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "mutex");
        Lock.Initialize(cpu);
    }

    // Starts where it matters: the waiter was woken for nothing, and has asked.
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case Holder:
                cpu.Enter("section");
                Acquire(cpu);
                cpu.WriteOnce(Stage, 1u);
                cpu.WaitWhile(cpu.TaskAt(Waiter).State, TaskStruct.Running);
                cpu.Unpark(cpu.TaskAt(Waiter));
                cpu.WaitWhile(Lock.Owner, cpu.Current.Address | Mutex.Waiters);
                cpu.WriteOnce(Stage, 2u);
                Release(cpu);
                cpu.Leave();
                break;

            case Waiter:
                cpu.WaitWhile(Stage, 0u);
                Work(cpu, task);
                break;

            default:
                cpu.WaitWhile(Stage, 0u);
                cpu.WaitWhile(Stage, 1u);
                Work(cpu, task);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("section");
        Acquire(cpu);
        Release(cpu);
        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Lock.Owner) == 0, "a mutex that nobody holds or wants is 0");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.Take(cpu, subclass: 0);
        cpu.LockAcquired(Lock.Address, s_class, 0, LockMode.Exclusive);
        cpu.Require(cpu.FetchAddRelaxed(Inside, 1u) == 0, "one task holds the lock");
    }

    private void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.FetchAddRelaxed(Inside, uint.MaxValue);
        cpu.LockReleased(Lock.Address);
        Lock.Give(cpu);
    }
}

/// <summary>The scenario <c>locks/mutex-handoff</c>.</summary>
internal static class MutexHandoffCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/mutex-handoff",
        "A waiter asks for a mutex to be handed over, and another task wants it at that moment.",
        1,
        [
            new Variant<MutexHandoff<UpstreamMutex>>
            {
                Name = "upstream",
                Summary = "A mutex that is asked for goes from owner to owner.",
                Source = "v6.12, __mutex_handoff",
                Expected = Expectation.Clean,
            },
            new Variant<MutexHandoff<HandsOverUnmarked>>
            {
                Name = "no-pickup",
                Summary = "The new owner is not told by Pickup, but finds out when it asks again.",
                Source = "equivalent mutant of v6.12",
                Expected = Expectation.Clean,
            },
            new Variant<MutexHandoff<HandsOverLate>>
            {
                Name = "free-before-handoff",
                Summary = "The mutex is free before it is handed over, and may be taken meanwhile.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "one task holds the lock")
                    .Or(FindingKind.Invariant, "a mutex that nobody holds or wants is 0"),
                CorrectTwin = "upstream",
            },
        ]);
}
