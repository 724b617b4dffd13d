using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>Somebody uses the page_ext of a section that goes offline and comes back.</summary>
public readonly partial struct PageExtVsOffline<TRule>(nint root) : IScenario<PageExtVsOffline<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int Reader = 0;

    private readonly MetadataWorld<SparseMem, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "hotplug"),
        RootBytes = MetadataWorld<SparseMem, TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static PageExtVsOffline<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, threshold: 1, sections: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Reader)
        {
            Use(cpu);
            return;
        }

        _world.Map.OfflinePages(cpu, 0);
        _world.Map.OnlinePages(cpu, 0);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void Use<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("page_ext_get");
        PageBlock found = _world.Map.PageExtGet(cpu, section: 0);
        if (found.Address != 0)
        {
            cpu.FetchAddRelaxed(found.Entry, 1ul);
            MemoryMap<SparseMem, TRule>.PageExtPut(cpu);
        }

        cpu.Leave(found.Address != 0 ? 1 : 0);
    }
}
