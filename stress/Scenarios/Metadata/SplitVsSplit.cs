using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>Two batches begin by splitting the huge mapping that their huge pages share.</summary>
public readonly partial struct SplitVsSplit<TRule>(nint root) : IScenario<SplitVsSplit<TRule>>
    where TRule : struct, IMetadataRule
{
    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static SplitVsSplit<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, threshold: 1, sections: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
        => _world.Map.SplitFolio(cpu, section: 0);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        // A section that comes back has a huge mapping again.
        _world.Optimize(cpu, section: 0, folio: role);
        _world.Map.OfflinePages(cpu, 0);
        _world.Map.RemoveMemory(cpu, 0);
        _world.Map.AddMemory(cpu, 0, node: 0);
        _world.Map.OnlinePages(cpu, 0);
        SectionUsage.RunBatch(cpu, RcuBatch(cpu));
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    // What the RCU worker would do, in the task's own time.
    private nint RcuBatch<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint batch = _world.Map.Rcu.TakeAll(cpu);
        _world.Map.Rcu.Synchronize(cpu);
        return batch;
    }
}
