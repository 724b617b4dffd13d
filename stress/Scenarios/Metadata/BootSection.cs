using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>A section that has been there since boot is removed.</summary>
public readonly partial struct BootSection<TModel, TRule>(nint root) : IScenario<BootSection<TModel, TRule>>
    where TModel : struct, IMemoryModel
    where TRule : struct, IMetadataRule
{
    private readonly MetadataWorld<TModel, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("hotplug", 0), new TaskSpec("reader", 1), new TaskSpec("rcu worker", 2, IsWorker: true)],
        RootBytes = MetadataWorld<TModel, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static BootSection<TModel, TRule> At(nint root) => new(root);

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
                _world.Map.OfflinePages(cpu, 0);
                _world.Map.RemoveMemory(cpu, 0);
                break;

            case 1:
                _world.Map.PfnValid(cpu, section: 0, subsection: 1);
                _world.Shown(cpu);
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
                Cycle(cpu);
                break;

            case 1:
                _world.Map.PfnValid(cpu, section: 0, subsection: 1);
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
