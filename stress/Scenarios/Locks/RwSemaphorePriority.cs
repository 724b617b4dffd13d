using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>A writer is first in line for a rw_semaphore, and a real-time writer of its CPU comes behind it.</summary>
public readonly partial struct RwSemaphorePriority<TRule>(nint root) : IScenario<RwSemaphorePriority<TRule>>
    where TRule : struct, IRwSemaphoreRule
{
    private const int Owner = 0;
    private const int First = 1;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("owner", 0), new TaskSpec("first", 1), new TaskSpec("real-time", 1, Priority: 1)],
        RootBytes = 128,
        MaxPoints = 2_000,
        KnownRaces = LockRaces.Sleeping,
        ExploresRealLocks = true,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    private AtomicU32 Inside => new(root + 64);

    // 0: start; 1: the owner holds the lock.
    private AtomicU32 Stage => new(root + 68);

    // 0 until the real-time writer comes.
    private AtomicU32 Call => new(root + 72);

    // 1 once it has.
    private AtomicU32 Came => new(root + 76);

    public static RwSemaphorePriority<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    // Starts where it matters: the lock is held when the first one comes, and still when the other is called.
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case Owner:
                cpu.Enter("down_write");
                Acquire(cpu);
                cpu.WriteOnce(Stage, 1u);
                cpu.WriteOnce(Call, 1u);
                cpu.WaitWhile(Came, 0u);
                Release(cpu);
                cpu.Leave();
                break;

            case First:
                cpu.WaitWhile(Stage, 0u);
                Work(cpu, task);
                break;

            default:
                cpu.WaitWhile(Call, 0u);
                cpu.WriteOnce(Came, 1u);
                Work(cpu, task);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("down_write");
        Acquire(cpu);
        Release(cpu);
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

    private void Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.DownWrite(cpu, 0);
        cpu.Require(cpu.FetchAddRelaxed(Inside, 1u) == 0, "one writer holds the lock");
    }

    private void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.FetchAddRelaxed(Inside, uint.MaxValue);
        Lock.UpWrite(cpu);
    }
}

/// <summary>The scenario <c>locks/rwsem-priority</c>.</summary>
internal static class RwSemaphorePriorityCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rwsem-priority",
        "A writer is first in line for a rw_semaphore, and a real-time writer of its CPU comes behind it.",
        1,
        [
            new Variant<RwSemaphorePriority<UpstreamRwSemaphore>>
            {
                Name = "upstream",
                Summary = "Only the writer that the lock is promised to spins for it.",
                Source = "v6.12, kernel/locking/rwsem.c",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphorePriority<AnyWriterSpins>>
            {
                Name = "any-writer-spins",
                Summary = "The real-time writer spins on a promise that was made to the one it keeps off the CPU.",
                Source = "before b613c7f31476",
                Expected = Expectation.Violates(FindingKind.StepBound, "no end within"),
                CorrectTwin = "upstream",
                CorpusEntry = "rwsem-nonfirst-handoff-spin",
            },
        ]);
}
