using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Mutant: a spinner that leaves does not tell the one behind it who is before it now.</summary>
public readonly struct LeavesUntold : ISpinQueueRule
{
    public static bool TellsNextOfPrevious => false;
}

/// <summary>Two tasks queue to spin behind a third, and both leave: the head stays until they have.</summary>
public readonly partial struct SpinQueueLeave<TRule>(nint root) : IScenario<SpinQueueLeave<TRule>>
    where TRule : struct, ISpinQueueRule
{
    private const int Head = 0;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("head", "spinner", "other spinner"),
        RootBytes = 64,
        KnownRaces = LockRaces.Sleeping,
    };

    private OptimisticSpinQueueCore<TRule> Queue => new(root);

    private AtomicU32 HasHead => new(root + 8);

    private AtomicU32 Left => new(root + 12);

    public static SpinQueueLeave<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Queue, "osq");
        cpu.Write(Queue.Tail, 0u);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.Enter("osq_lock");
        if (task != Head)
        {
            cpu.WaitWhile(HasHead, 0u);
        }

        cpu.PreemptDisable();
        bool isHead = Queue.Acquire(cpu);
        cpu.Require(isHead == (task == Head), "nobody becomes the head while there is one");
        if (isHead)
        {
            // Ended by the others, whose CPUs are wanted sooner or later: no spinner has to wait for the head.
            cpu.WriteOnce(HasHead, 1u);
            cpu.WaitWhile(Left, 0u);
            cpu.WaitWhile(Left, 1u);
            Queue.Release(cpu);
        }
        else
        {
            cpu.FetchAddRelaxed(Left, 1u);
        }

        cpu.PreemptEnable();
        cpu.Leave(isHead ? 1 : 0);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("osq_lock");
        cpu.PreemptDisable();
        bool isHead = Queue.Acquire(cpu);
        if (isHead)
        {
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

/// <summary>The scenario <c>locks/osq-leave</c>.</summary>
internal static class SpinQueueLeaveCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/osq-leave",
        "Two tasks behind the head of a queue of optimistic spinners leave it while the head stays.",
        1,
        [
            new Variant<SpinQueueLeave<UpstreamSpinQueue>>
            {
                Name = "upstream",
                Summary = "Whoever is behind a spinner that leaves is told who is before it now.",
                Source = "v6.12, osq_lock",
                Expected = Expectation.Clean,
            },
            new Variant<SpinQueueLeave<LeavesUntold>>
            {
                Name = "next-untold",
                Summary = "Whoever is behind looks for its place in the node that has left, and cannot leave.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Deadlock, "spinner waits for"),
                CorrectTwin = "upstream",
            },
        ]);
}
