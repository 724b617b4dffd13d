using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>A section of boot, in which a map was optimised and restored, is removed.</summary>
public readonly partial struct BootSectionOptimised<TRule>(nint root) : IScenario<BootSectionOptimised<TRule>>
    where TRule : struct, IMetadataRule
{
    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("optimiser", 0),
            new TaskSpec("hotplug", 1),
            new TaskSpec("rcu worker", 2, IsWorker: true),
        ],
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static BootSectionOptimised<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Reset(cpu);
        _world.Map.Boot(cpu, earlySections: 1, bufferSections: 1, threshold: 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Optimize(cpu, section: 0, folio: 0);
                break;

            case 1:
                _world.Map.OfflinePages(cpu, 0);
                _world.Map.RemoveMemory(cpu, 0);
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
            case 0:
                _world.Flip(cpu, section: 0, folio: 0);
                break;

            case 1:
                Cycle(cpu);
                break;

            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void Cycle<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Map.OfflinePages(cpu, 0);
        _world.Map.RemoveMemory(cpu, 0);
        _world.Map.AddMemory(cpu, 0, node: 0);
        _world.Map.OnlinePages(cpu, 0);
    }
}
