using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Two readers sleep behind a writer; once let in, each stays until it has met the other.</summary>
public readonly partial struct RwSemaphoreBatch<TRule>(nint root) : IScenario<RwSemaphoreBatch<TRule>>
    where TRule : struct, IRwSemaphoreRule
{
    private const int Writer = 0;
    private const int Reader = 1;
    private const int OtherReader = 2;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("writer", "reader", "other reader"),
        RootBytes = 128,
        ExploresRealLocks = true,
        KnownRaces = LockRaces.Sleeping,

        // All of them are made under wait_lock, which is not in question.
        PlainAccessesArePoints = false,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    private AtomicU32 IsHeld => new(root + 64);

    private AtomicU32 Inside => new(root + 68);

    public static RwSemaphoreBatch<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    // Starts where it matters: the writer holds the lock until both readers have queued.
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == Writer)
        {
            cpu.Enter("down_write");
            Lock.DownWrite(cpu, 0);
            cpu.WriteOnce(IsHeld, 1u);
            cpu.WaitWhile(cpu.TaskAt(Reader).State, TaskStruct.Running);
            cpu.WaitWhile(cpu.TaskAt(OtherReader).State, TaskStruct.Running);
            Lock.UpWrite(cpu);
            cpu.Leave();
            return;
        }

        cpu.WaitWhile(IsHeld, 0u);
        cpu.Enter("down_read");
        Lock.DownRead(cpu, 0);
        cpu.FetchAddRelaxed(Inside, 1u);

        // Ended by the other reader, who is let in with us.
        cpu.WaitWhile(Inside, 1u);
        Lock.UpRead(cpu);
        cpu.Leave();
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Writer)
        {
            cpu.Enter("down_write");
            Lock.DownWrite(cpu, 0);
            Lock.UpWrite(cpu);
        }
        else
        {
            cpu.Enter("down_read");
            Lock.DownRead(cpu, 0);
            Lock.UpRead(cpu);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Lock.Count) == 0, "the count is 0 when nobody holds or wants the lock");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The scenario <c>locks/rwsem-batch</c>.</summary>
internal static class RwSemaphoreBatchCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rwsem-batch",
        "Two readers that sleep on a rw_semaphore are let in together.",
        1,
        [
            new Variant<RwSemaphoreBatch<SleepingRwSemaphore>>
            {
                Name = "upstream",
                Summary = "All readers that wait are let in with the first of them.",
                Source = "v6.12, rwsem_mark_wake",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphoreBatch<GrantsOneReader>>
            {
                Name = "one-reader",
                Summary = "One reader of those that wait is let in; the other comes after it.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Deadlock, "reader").Or(FindingKind.MissedWakeup, "reader"),
                CorrectTwin = "upstream",
            },
        ]);
}
