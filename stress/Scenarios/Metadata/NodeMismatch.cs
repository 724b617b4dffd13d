using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>page_ext is wanted on a full node, lies on the other one, and is freed again.</summary>
public readonly partial struct NodeMismatch<TRule>(nint root) : IScenario<NodeMismatch<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int Reader = 1;

    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("hotplug", "reader"),
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static NodeMismatch<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Without a threshold what is shown is what was counted.
        _world.Prepare(cpu, threshold: 0, sections: 1);
        _world.Map.OfflinePages(cpu, 0);
        cpu.Write(_world.Map.Node(0).IsFull, 1u);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Reader)
        {
            _world.Shown(cpu);
            return;
        }

        _world.Map.OnlinePages(cpu, 0);
        _world.Map.OfflinePages(cpu, 0);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Check(cpu);
        (long buddy, long boot) = _world.Map.HeldPages(cpu);
        cpu.Require(_world.Shown(cpu) == buddy + boot, MetadataWorld<SparseMemVmemmap, TRule>.ShownWrong);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
