using Stress.Machine;
using Stress.Mm.ListLru;
using Stress.Scenarios.ListLru;

namespace Stress.Scenarios.Mixed;

/// <summary>A group's objects are reclaimed while one of them is replaced by a new one and the group goes offline.
/// </summary>
public readonly partial struct ShrinkVsOfflineVsAlloc<TRule>(nint root) : IScenario<ShrinkVsOfflineVsAlloc<TRule>>
    where TRule : struct, IListLruRule
{
    private const int Worker = 3;

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("allocator", 0),
            new TaskSpec("offliner", 1),
            new TaskSpec("shrinker", 2),
            new TaskSpec("rcu", 3, IsWorker: true),
        ],
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static ShrinkVsOfflineVsAlloc<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
        _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 0, LruTraits.Shadow);
        _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 1, traits: 0);
        _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 2, LruTraits.Referenced);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Remove(cpu, 1);
                _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 1, traits: 0);
                break;
            case 1:
                _world.Offline(cpu, LruWorld<TRule>.Top);
                break;
            case 2:
                _world.Shrink(cpu, LruWorld<TRule>.Top, nid: 0, budget: 4);
                break;
            default:
                _world.System.Serve(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Worker)
        {
            _world.System.Serve(cpu);
        }
        else
        {
            _world.Any(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
