using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>Two objects are allocated in a group below another, and the group goes offline.</summary>
public readonly partial struct AncestorOrder<TRule>(nint root) : IScenario<AncestorOrder<TRule>>
    where TRule : struct, IListLruRule
{
    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "offliner"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static AncestorOrder<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
        _world.Online(cpu, LruWorld<TRule>.Child);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Create(cpu, LruWorld<TRule>.Child, nid: 0, place: 0, traits: 0);
                break;
            case 1:
                _world.Create(cpu, LruWorld<TRule>.Child, nid: 0, place: 1, traits: 0);
                break;
            default:
                _world.Offline(cpu, LruWorld<TRule>.Child);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // The ids that the groups have got: read from the slots, as an offline group has its parent's.
        bool hasLists = _world.Lru.Lists(cpu, 1).Address != 0;
        cpu.Require(!hasLists || _world.Lru.Lists(cpu, 0).Address != 0, LruWorld<TRule>.AncestorLacksLists);
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
