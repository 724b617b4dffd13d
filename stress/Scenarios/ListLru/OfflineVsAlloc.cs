using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>An object is allocated in a group that goes offline.</summary>
public readonly partial struct OfflineVsAlloc<TRule>(nint root) : IScenario<OfflineVsAlloc<TRule>>
    where TRule : struct, IListLruRule
{
    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("allocator", "offliner"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static OfflineVsAlloc<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 0, traits: 0);
        }
        else
        {
            _world.Offline(cpu, LruWorld<TRule>.Top);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.CheckLists(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
