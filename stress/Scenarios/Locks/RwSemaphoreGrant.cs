using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Readers that sleep behind a writer are granted the lock together, while something else wakes them.</summary>
public readonly partial struct RwSemaphoreGrant<TRule>(nint root) : IScenario<RwSemaphoreGrant<TRule>>
    where TRule : struct, IRwSemaphoreRule
{
    private const int Holder = 0;
    private const int Reader = 1;
    private const int OtherReader = 2;
    private const int Waker = 3;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("holder", "reader", "other reader", "other waker"),
        RootBytes = 64,
        KnownRaces = LockRaces.Sleeping,
        ExploresRealLocks = true,

        // All of them are made under wait_lock, which is not in question.
        PlainAccessesArePoints = false,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    // 0: start; 1: the holder holds the lock; 2: both readers have gone to sleep.
    private AtomicU32 Stage => new(root + 48);

    public static RwSemaphoreGrant<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    // Starts where it matters: both readers are about to sleep or asleep, and something wakes them before they are
    // granted the lock.
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case Holder:
                cpu.Enter("down_write");
                Lock.DownWrite(cpu, 0);
                cpu.WriteOnce(Stage, 1u);
                cpu.WaitWhile(cpu.TaskAt(Reader).State, TaskStruct.Running);
                cpu.WaitWhile(cpu.TaskAt(OtherReader).State, TaskStruct.Running);
                cpu.WriteOnce(Stage, 2u);
                Lock.UpWrite(cpu);
                cpu.Leave();
                break;

            case Waker:
                cpu.WaitWhile(Stage, 0u);
                cpu.WaitWhile(Stage, 1u);
                cpu.Unpark(cpu.TaskAt(Reader));
                cpu.Unpark(cpu.TaskAt(OtherReader));
                break;

            default:
                cpu.WaitWhile(Stage, 0u);
                Read(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Holder:
                cpu.Enter("down_write");
                Lock.DownWrite(cpu, 0);
                Lock.UpWrite(cpu);
                cpu.Leave();
                break;

            case Waker:
                cpu.Unpark(cpu.TaskAt((int)cpu.Choose((uint)cpu.TaskCount)));
                break;

            default:
                Read(cpu);
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

        // The oracle's own look at the count: the task is a reader, so it must be counted as one.
        ulong count = cpu.ReadOnce(Lock.Count);
        cpu.Require(
            count >> RwSemaphoreWord.ReaderShift != 0 && (count & RwSemaphoreWord.WriterLocked) == 0,
            "a reader that holds the lock is counted");
        Lock.UpRead(cpu);
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/rwsem-grant</c>.</summary>
internal static class RwSemaphoreGrantCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rwsem-grant",
        "Two readers that sleep on a rw_semaphore are granted it at once, while something else wakes them.",
        1,
        [
            new Variant<RwSemaphoreGrant<EagerClock>>
            {
                Name = "upstream",
                Summary = "All readers are counted before the first is let go.",
                Source = "a9e9bcb45b15; v6.12, rwsem_mark_wake",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphoreGrant<GrantsBeforeCount>>
            {
                Name = "grants-before-count",
                Summary = "Readers are let go before all of them are counted.",
                Source = "before a9e9bcb45b15",
                Expected = Expectation.Violates(FindingKind.Invariant, "a reader that holds the lock is counted"),
                CorrectTwin = "upstream",
                CorpusEntry = "rwsem-readers-released-before-count",
            },
        ]);
}
