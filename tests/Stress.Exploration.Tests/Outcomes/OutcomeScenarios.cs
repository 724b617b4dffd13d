using Stress.Machine;

namespace Stress.Exploration.Tests.Outcomes;

/// <summary>How two tasks add to a number.</summary>
public interface IAddRule
{
    static abstract bool IsAtomic { get; }
}

public readonly struct AddsAtomically : IAddRule
{
    public static bool IsAtomic => true;
}

public readonly struct AddsInTwoSteps : IAddRule
{
    public static bool IsAtomic => false;
}

/// <summary>Two tasks add 1 each; the number after that is graded.</summary>
public readonly partial struct Adding<TRule>(nint root) : IScenario<Adding<TRule>>
    where TRule : struct, IAddRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = 64,
        Outcomes = new OutcomeTable(
            new GradedOutcome("saw0=0 saw1=0 total=1", OutcomeGrade.Forbidden, "an addition is lost"),
            new GradedOutcome("saw0=0 saw1=* total=2", OutcomeGrade.Allowed, "first comes first"),
            new GradedOutcome("saw0=1 saw1=* total=2", OutcomeGrade.Interesting, "second comes first"),
            new GradedOutcome("total=3", OutcomeGrade.Interesting, "never")),
    };

    private AtomicS64 Total => new(root);

    public static Adding<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        long before;
        if (TRule.IsAtomic)
        {
            before = cpu.FetchAdd(Total, 1);
        }
        else
        {
            before = cpu.ReadOnce(Total);
            cpu.WriteOnce(Total, before + 1);
        }

        cpu.Observe(task == 0 ? "saw0" : "saw1", before);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Observe("total", cpu.ReadOnce(Total));

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>Two tasks observe numbers of their own; nothing is graded.</summary>
public readonly partial struct Ungraded(nint root) : IScenario<Ungraded>
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = 64,
    };

    private AtomicS64 Last => new(root);

    public static Ungraded At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.WriteOnce(Last, task + 1);
        if (cpu.ReadOnce(Last) != task + 1)
        {
            cpu.Observe("overtaken", task);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
