using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>The pages that an optimised map gives back lie in memory that goes offline.</summary>
public readonly partial struct PgdatAfterFree<TRule>(nint root) : IScenario<PgdatAfterFree<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int Optimiser = 0;

    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("optimiser", "hotplug"),
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static PgdatAfterFree<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, threshold: 1, sections: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == Optimiser)
        {
            _world.Optimize(cpu, section: 0, folio: 0);
        }
        else
        {
            GoOffline(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Optimiser)
        {
            _world.Flip(cpu, section: 0, folio: 0);
        }
        else
        {
            GoOffline(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void GoOffline<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("offline_pages");
        PageNode node = _world.Map.Node(0);
        _world.Map.HotplugLock.DownWrite(cpu);
        node.RemoveOffline(cpu);
        node.OfflineFreePages(cpu);
        _world.Map.HotplugLock.UpWrite(cpu);
        cpu.Leave();
    }
}
