using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>A section goes offline, is removed, and comes back, while somebody looks at its struct pages.</summary>
public readonly partial struct DepopulatePoisoned<TRule>(nint root) : IScenario<DepopulatePoisoned<TRule>>
    where TRule : struct, IMetadataRule
{
    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("hotplug", 0), new TaskSpec("reader", 1), new TaskSpec("rcu worker", 2, IsWorker: true)],
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static DepopulatePoisoned<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, threshold: 1, sections: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                Cycle(cpu);
                break;

            case 1:
                _world.Map.LookAtPage(cpu, section: 0, index: 1);
                _world.Shown(cpu);
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
