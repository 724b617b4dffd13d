using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>The items of a node are counted while they move to the parent.</summary>
public readonly partial struct CountMoving<TRule>(nint root) : IScenario<CountMoving<TRule>>
    where TRule : struct, IListLruRule
{
    public const string Miscounted = "a count lies between the fewest and the most items during the call";

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("counter", "offliner"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static CountMoving<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
        _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 0, traits: 0);
        _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 1, traits: 0);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            long count = _world.Lru.CountNode(cpu, 0, ListLru<TRule>.InitialSlots);
            cpu.Require(count == 2, Miscounted);
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

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
