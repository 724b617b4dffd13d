using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>The counts of two lists are added up without a lock while items move from one to the other.</summary>
public readonly partial struct CounterOrder<TRule>(nint root) : IScenario<CounterOrder<TRule>>
    where TRule : struct, IListLruRule
{
    public const string ItemsMissed = "no sum of counts is below the number of items";

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("counter", "offliner"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static CounterOrder<TRule> At(nint root) => new(root);

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
            long count = _world.Lru.SumLeavesFirst(cpu, 0, ListLru<TRule>.InitialSlots);
            cpu.Require(count >= 2, ItemsMissed);
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
