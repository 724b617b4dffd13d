using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>Two tasks of one CPU optimise and restore the maps of two huge pages, and somebody reads meminfo.</summary>
public readonly partial struct OptimiseVsMeminfo<TRule>(nint root) : IScenario<OptimiseVsMeminfo<TRule>>
    where TRule : struct, IMetadataRule
{
    private const sbyte Threshold = 3;
    private const int Reader = 2;

    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("optimiser", 0), new TaskSpec("restorer", 0), new TaskSpec("reader", 1)],
        AllocationFailures = 1,
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
    };

    public static OptimiseVsMeminfo<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, Threshold, sections: 1);
        _world.Optimize(cpu, section: 0, folio: 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Optimize(cpu, section: 0, folio: 0);
                break;

            case 1:
                _world.Restore(cpu, section: 0, folio: 1);
                break;

            default:
                _world.Shown(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Reader:
                _world.Shown(cpu);
                _world.Map.Fold(cpu);
                break;

            default:
                _world.Flip(cpu, section: 0, folio: role);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
