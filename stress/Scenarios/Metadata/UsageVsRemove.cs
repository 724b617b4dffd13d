using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>Somebody asks whether a page exists while its section is removed and added.</summary>
public readonly partial struct UsageVsRemove<TRule>(nint root) : IScenario<UsageVsRemove<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int Reader = 0;
    private const int Hotplug = 1;

    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("hotplug", 1), new TaskSpec("rcu worker", 2, IsWorker: true)],
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        KnownRaces =
        [
            new("section.Usage", "a section is given its bitmap by a plain store, while a reader that saw it before it "
                + "was removed may still look (section_activate, mm/sparse.c, v6.12)"),
            new("mem_section_usage.SubsectionMap", "the same: so nothing orders the clearing of the new bitmap before "
                + "such a reader's look at it"),
        ],
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static UsageVsRemove<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, threshold: 1, sections: 1);
        _world.Map.OfflinePages(cpu, 0);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Reader:
                _world.Map.PfnValid(cpu, section: 0, subsection: 1);
                break;

            case Hotplug:
                _world.Map.RemoveMemory(cpu, 0);
                _world.Map.AddMemory(cpu, 0, node: 0);
                break;

            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
