using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How a CPU takes one of its queue nodes.</summary>
public interface IMcsNestingRule
{
    /// <summary>Whether the level is counted before the node is written.</summary>
    static abstract bool CountsFirst { get; }
}

/// <summary>As merged (11dc13224c97).</summary>
public readonly struct CountsFirst : IMcsNestingRule
{
    static bool IMcsNestingRule.CountsFirst => true;
}

/// <summary>What a compiler could make of the code before: the node is written, then the level is counted.</summary>
public readonly struct CountsLast : IMcsNestingRule
{
    static bool IMcsNestingRule.CountsFirst => false;
}

/// <summary>A task takes a queue node, and an interrupt on the same CPU takes one too.</summary>
/// <remarks>The lock in isolation: the first steps of its queue, without the queue. The interrupt is a task of the same
/// CPU that runs with interrupts off, so the other cannot come in between.</remarks>
public readonly partial struct McsNesting<TRule>(nint root) : IScenario<McsNesting<TRule>>
    where TRule : struct, IMcsNestingRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("task", 0), new TaskSpec("interrupt", 0)],
        RootBytes = 64,
        KnownRaces = LockRaces.Interrupted,
    };

    public static McsNesting<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Write(new PlainU32(root), 0u);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            UseNode(cpu);
            return;
        }

        cpu.IrqDisable();
        UseNode(cpu);
        cpu.IrqEnable();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(
            cpu.Read(new PerCpuArea(cpu.PerCpu(0)).Mcs.Count) == 0, "every nesting level has been given back");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private static void UseNode<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("queued_spin_lock_slowpath");
        var area = new PerCpuArea(cpu.PerCpu(cpu.Id));
        uint level = cpu.Read(area.Mcs.Count);
        McsNode node = area.McsAt(level);
        if (TRule.CountsFirst)
        {
            cpu.Write(area.Mcs.Count, level + 1);
        }

        // Our mark stands for what the queue keeps in the node.
        cpu.WriteOnce(node.Next, cpu.Current.Address);
        if (!TRule.CountsFirst)
        {
            cpu.Write(area.Mcs.Count, level + 1);
        }

        cpu.Require(cpu.ReadOnce(node.Next) == cpu.Current.Address, "a queue node has one user");
        cpu.Write(area.Mcs.Count, level);
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/mcs-nested-node</c>.</summary>
internal static class McsNestingCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/mcs-nested-node",
        "A task and an interrupt on its CPU each take a queue node of the CPU.",
        1,
        [
            new Variant<McsNesting<CountsFirst>>
            {
                Name = "upstream",
                Summary = "The level is counted before the node is written.",
                Source = "11dc13224c97",
                Expected = Expectation.Clean,
            },
            new Variant<McsNesting<CountsLast>>
            {
                Name = "counts-last",
                Summary = "The node is written before the level is counted, as a compiler was free to do.",
                Source = "before 11dc13224c97",
                Expected = Expectation.Violates(FindingKind.Invariant, "a queue node has one user"),
                CorrectTwin = "upstream",
                CorpusEntry = "mcs-nested-node-reuse",
            },
        ]);
}
