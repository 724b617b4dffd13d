using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Which function of the node counter a caller uses, and in what context.</summary>
public interface IStatModRule
{
    /// <summary>Whether it is the one that asks for preemption to be off.</summary>
    static abstract bool IsUnsafe { get; }

    /// <summary>Whether preemption is off.</summary>
    static abstract bool IsPreemptionOff { get; }
}

/// <summary><c>mod_node_page_state</c>, from anywhere.</summary>
public readonly struct SafeMod : IStatModRule
{
    public static bool IsUnsafe => false;

    public static bool IsPreemptionOff => false;
}

/// <summary><c>__mod_node_page_state</c>, as its comment asks.</summary>
public readonly struct UnsafeModWithPreemptionOff : IStatModRule
{
    public static bool IsUnsafe => true;

    public static bool IsPreemptionOff => true;
}

/// <summary><c>__mod_node_page_state</c> from preemptible code.</summary>
public readonly struct UnsafeModPreempted : IStatModRule
{
    public static bool IsUnsafe => true;

    public static bool IsPreemptionOff => false;
}

/// <summary>Two tasks of one CPU count on a node, and a third on another CPU.</summary>
public readonly partial struct StatMod<TRule>(nint root) : IScenario<StatMod<TRule>>
    where TRule : struct, IStatModRule
{
    private const sbyte Threshold = 1;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("first", 0), new TaskSpec("second", 0), new TaskSpec("other cpu", 1)],
        RootBytes = 256,
    };

    private NodeStat Stat => new(root);

    private AtomicS64 Made => new(root + 32);

    public static StatMod<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Stat, "stat");
        Stat.Initialize(cpu, root + NodeStat.PartStride, Threshold);
        cpu.Write(Made, 0L);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("mod_node_page_state", 1);
        if (TRule.IsPreemptionOff)
        {
            cpu.PreemptDisable();
        }

        if (TRule.IsUnsafe)
        {
            Stat.ModUnsafe(cpu, 1);
        }
        else
        {
            Stat.Mod(cpu, 1);
        }

        if (TRule.IsPreemptionOff)
        {
            cpu.PreemptEnable();
        }

        cpu.FetchAddRelaxed(Made, 1L);
        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(Stat.Snapshot(cpu) == cpu.ReadOnce(Made), "node and diffs add up to what was counted");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The scenario <c>locks/stat-mod</c>.</summary>
internal static class StatModCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/stat-mod",
        "Two tasks of one CPU count on the same item of a node.",
        1,
        [
            new Variant<StatMod<SafeMod>>
            {
                Name = "mod",
                Summary = "mod_node_page_state: compare and exchange on the CPU's diff.",
                Source = "v6.12, mm/vmstat.c",
                Expected = Expectation.Clean,
            },
            new Variant<StatMod<UnsafeModWithPreemptionOff>>
            {
                Name = "unsafe-preemption-off",
                Summary = "__mod_node_page_state with preemption off.",
                Source = "v6.12, mm/vmstat.c",
                Expected = Expectation.Clean,
            },
            new Variant<StatMod<UnsafeModPreempted>>
            {
                Name = "unsafe-preempted",
                Summary = "__mod_node_page_state from preemptible code.",
                Source = "page metadata accounting, v4, review",
                Expected = Expectation.Violates(
                        FindingKind.Invariant, "node and diffs add up to what was counted")
                    .Or(FindingKind.DataRace, "in mod_node_page_state"),
                CorrectTwin = "mod",
                CorpusEntry = "stat-nonatomic-mod-preempted",
            },
        ]);
}
