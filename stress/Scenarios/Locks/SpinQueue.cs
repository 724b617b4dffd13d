using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Four tasks queue to spin, and each may leave when its CPU is wanted.</summary>
public readonly partial struct SpinQueue(nint root) : IScenario<SpinQueue>
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "third", "fourth"),
        RootBytes = 64,
    };

    private OptimisticSpinQueue Queue => new(root);

    private AtomicU32 Inside => new(root + 8);

    public static SpinQueue At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Queue, "osq");
        Queue.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("osq_lock");
        cpu.PreemptDisable();
        bool isHead = Queue.Acquire(cpu);
        if (isHead)
        {
            cpu.Require(cpu.FetchAddRelaxed(Inside, 1u) == 0, "one task is the head of the queue");
            cpu.FetchAddRelaxed(Inside, uint.MaxValue);
            Queue.Release(cpu);
        }

        cpu.PreemptEnable();
        cpu.Leave(isHead ? 1 : 0);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Queue.Tail) == 0, "the queue is empty when everybody has gone");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The scenario <c>locks/osq</c>.</summary>
internal static class SpinQueueCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/osq",
        "Four tasks enter, leave and pass on a queue of optimistic spinners.",
        2,
        [
            new Variant<SpinQueue>
            {
                Name = "upstream",
                Summary = "As in v6.12.",
                Source = "v6.12, kernel/locking/osq_lock.c",
                Expected = Expectation.Clean,
            },
        ]);
}
