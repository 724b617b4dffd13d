using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>A node's counter is balanced over two CPUs, and the node goes and comes back.</summary>
/// <remarks>Counting and hotplug exclude each other by a lock that stands for the fact that a node without pages is not
/// counted on.</remarks>
public readonly partial struct StatOnline<TRule>(nint root) : IScenario<StatOnline<TRule>>
    where TRule : struct, INodeOnlineRule
{
    private const sbyte Threshold = 1;
    private const int Adder = 0;
    private const int Remover = 1;

    private static readonly LockClass s_class = new("mem_hotplug_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("adder", 0), new TaskSpec("remover", 1), new TaskSpec("hotplug", 2)],
        RootBytes = 320,
    };

    private NodeStat Stat => new(root);

    private RwSemaphore Hotplug => new(root + 24, s_class);

    public static StatOnline<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Stat, "stat");
        cpu.Label(Hotplug, "hotplug");
        Stat.Initialize(cpu, root + NodeStat.PartStride, Threshold);
        Hotplug.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case Adder:
                Count(cpu, 2);
                break;

            case Remover:
                Count(cpu, -1);
                Count(cpu, -1);
                break;

            default:
                Online(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Adder || role == Remover)
        {
            // Balanced, so that Check holds at any time.
            Count(cpu, 1);
            Count(cpu, -1);
        }
        else
        {
            Online(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(Stat.Snapshot(cpu) == 0, "hotplug does not change node and diffs together");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Count<TCpu>(TCpu cpu, int delta) where TCpu : struct, ICpu
    {
        cpu.Enter("mod_node_page_state", delta);
        Hotplug.DownRead(cpu);
        Stat.Mod(cpu, delta);
        Hotplug.UpRead(cpu);
        cpu.Leave();
    }

    private void Online<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("hotadd_init_pgdat");
        Hotplug.DownWrite(cpu);
        Stat.Online<TCpu, TRule>(cpu);
        Hotplug.UpWrite(cpu);
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/stat-node-online</c>.</summary>
internal static class StatOnlineCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/stat-node-online",
        "A node comes online again while part of its counter is still in per-CPU diffs.",
        1,
        [
            new Variant<StatOnline<FoldsStrandedDiffs>>
            {
                Name = "folds",
                Summary = "Stranded diffs are folded before they are zeroed.",
                Source = "mm/vmstat: fold stranded per-cpu node stats when a node comes online",
                Expected = Expectation.Clean,
            },
            new Variant<StatOnline<ZeroesStrandedDiffs>>
            {
                Name = "zeroes",
                Summary = "The diffs are zeroed, and the node's sum stays.",
                Source = "75ef71840539",
                Expected = Expectation.Violates(
                    FindingKind.Invariant, "hotplug does not change node and diffs together"),
                CorrectTwin = "folds",
                CorpusEntry = "stat-stranded-node-diffs",
            },
        ]);
}
