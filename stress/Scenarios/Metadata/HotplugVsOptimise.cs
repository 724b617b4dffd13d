using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>Maps are optimised and restored in two sections of which one comes and goes, while a walker looks at them.
/// </summary>
public readonly partial struct HotplugVsOptimise<TRule>(nint root) : IScenario<HotplugVsOptimise<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int First = 0;
    private const int Second = 1;
    private const int Hotplug = 2;
    private const int Walker = 3;

    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("first folio", 0),
            new TaskSpec("second folio", 1),
            new TaskSpec("hotplug", 2),
            new TaskSpec("walker", 3),
            new TaskSpec("rcu worker", 4, IsWorker: true),
        ],
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static HotplugVsOptimise<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => _world.Prepare(cpu, threshold: 3, sections: MemoryMap<SparseMemVmemmap, TRule>.Sections);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case First:
                _world.Optimize(cpu, section: 0, folio: 0);
                _world.Restore(cpu, section: 0, folio: 0);
                break;

            case Second:
                _world.Optimize(cpu, section: 0, folio: 1);
                _world.OptimizeAll(cpu, section: 1);
                break;

            case Hotplug:
                _world.Map.OfflinePages(cpu, 1);
                _world.Map.RemoveMemory(cpu, 1);
                break;

            case Walker:
                _world.Map.LookAtPage(cpu, section: 0, index: 1);
                _world.Map.LookAtPage(cpu, section: 0, SectionSize.FolioMapPages);
                break;

            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case First:
                _world.Flip(cpu, section: (int)cpu.Choose(2), folio: 0);
                break;

            case Second:
                Batch(cpu, section: (int)cpu.Choose(2));
                break;

            case Hotplug:
                Cycle(cpu);
                break;

            case Walker:
                int section = (int)cpu.Choose(MemoryMap<SparseMemVmemmap, TRule>.Sections);
                _world.Map.LookAtPage(cpu, section, index: (int)cpu.Choose(SectionSize.MapPages));
                _world.Shown(cpu);
                _world.Map.Fold(cpu);
                break;

            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void Batch<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        if (cpu.Choose(2) == 0)
        {
            _world.OptimizeAll(cpu, section);
        }
        else
        {
            _world.Restore(cpu, section, folio: 1);
        }
    }

    private void Cycle<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Map.OfflinePages(cpu, 1);
        _world.Map.RemoveMemory(cpu, 1);
        _world.Map.AddMemory(cpu, 1, node: 1);
        _world.Map.OnlinePages(cpu, 1);
    }
}
