using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>A sleeping reader is granted the lock while somebody else wakes it for reasons of their own.</summary>
public readonly partial struct RwSemaphoreWakeup<TRule>(nint root) : IScenario<RwSemaphoreWakeup<TRule>>
    where TRule : struct, IRwSemaphoreRule
{
    private const int Reader = 0;
    private const int Writer = 1;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "writer", "other waker"),
        RootBytes = 64,
        KnownRaces = LockRaces.Sleeping,
        ExploresRealLocks = true,

        // All of them are made under wait_lock, which is not in question.
        PlainAccessesArePoints = false,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    // 0: start; 1: the writer holds the lock; 2: the reader has said that it will sleep.
    private AtomicU32 Stage => new(root + 48);

    public static RwSemaphoreWakeup<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    // Starts where it matters: the writer holds the lock, and the reader is about to sleep.
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case Reader:
                cpu.WaitWhile(Stage, 0u);
                Read(cpu);
                break;

            case Writer:
                cpu.Enter("down_write");
                Lock.DownWrite(cpu, 0);
                cpu.WriteOnce(Stage, 1u);
                cpu.WaitWhile(cpu.TaskAt(Reader).State, TaskStruct.Running);
                cpu.WriteOnce(Stage, 2u);
                Lock.UpWrite(cpu);
                cpu.Leave();
                break;

            default:
                cpu.WaitWhile(Stage, 0u);
                cpu.WaitWhile(Stage, 1u);
                Wake(cpu, cpu.TaskAt(Reader));
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Reader:
                Read(cpu);
                break;

            case Writer:
                cpu.Enter("down_write");
                Lock.DownWrite(cpu, 0);
                Lock.UpWrite(cpu);
                cpu.Leave();
                break;

            default:
                Wake(cpu, cpu.TaskAt((int)cpu.Choose((uint)cpu.TaskCount)));
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Lock.Count) == 0, "the count is 0 when nobody holds or wants the lock");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Read<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_read");
        Lock.DownRead(cpu, 0);
        Lock.UpRead(cpu);
        cpu.Leave();
    }

    // What a futex or a signal may do at any time.
    private static void Wake<TCpu>(TCpu cpu, TaskStruct task) where TCpu : struct, ICpu
    {
        cpu.Enter("wake_up_q");
        WakeQueue queue = default;
        queue = queue.Add(cpu, task);
        queue.WakeUp(cpu);
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/rwsem-wakeup</c>.</summary>
internal static class RwSemaphoreWakeupCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rwsem-wakeup",
        "A reader that sleeps on a rw_semaphore is woken by its writer and by somebody else.",
        1,
        [
            new Variant<RwSemaphoreWakeup<EagerClock>>
            {
                Name = "upstream",
                Summary = "A reader is marked as granted before it is queued for its wakeup.",
                Source = "e158488be27b; v6.12, rwsem_mark_wake",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphoreWakeup<WakesBeforeGrant>>
            {
                Name = "wakes-before-grant",
                Summary = "A reader is queued for its wakeup before it is marked as granted.",
                Source = "before e158488be27b",
                Expected = Expectation.Violates(FindingKind.MissedWakeup, "nobody is left to wake it"),
                CorrectTwin = "upstream",
                CorpusEntry = "rwsem-wakeq-before-task-clear",
            },
        ]);
}
