using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>Objects are made, deleted and reclaimed while their groups come and go.</summary>
public readonly partial struct ShrinkVsOffline<TRule>(nint root) : IScenario<ShrinkVsOffline<TRule>>
    where TRule : struct, IListLruRule
{
    private const int Worker = 3;

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("user", 0),
            new TaskSpec("shrinker", 1),
            new TaskSpec("manager", 2),
            new TaskSpec("rcu", 3, IsWorker: true),
        ],
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static ShrinkVsOffline<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 2);
        _world.Online(cpu, LruWorld<TRule>.Top);
        _world.Online(cpu, LruWorld<TRule>.Child);
        _world.Create(cpu, LruWorld<TRule>.Child, nid: 0, place: 0, LruTraits.Buffers);
        _world.Create(cpu, LruWorld<TRule>.Child, nid: 0, place: 1, LruTraits.Shadow);
        _world.Create(cpu, LruWorld<TRule>.Child, nid: 1, place: 2, LruTraits.Busy);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Create(cpu, LruWorld<TRule>.Child, nid: 1, place: 3, LruTraits.Referenced);
                _world.Remove(cpu, 1);
                break;
            case 1:
                _world.Shrink(cpu, LruWorld<TRule>.Child, nid: 0, budget: 4);
                _world.Shrink(cpu, LruWorld<TRule>.Top, nid: 1, budget: 4);
                break;
            case 2:
                _world.Offline(cpu, LruWorld<TRule>.Child);
                _world.Online(cpu, LruWorld<TRule>.Other);
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
