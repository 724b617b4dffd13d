using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>An object is put on a list while its group goes offline and another one gets its id.</summary>
public readonly partial struct IdReuse<TRule>(nint root) : IScenario<IdReuse<TRule>>
    where TRule : struct, IListLruRule
{
    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("adder", "manager"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static IdReuse<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
        _world.Keep(cpu, LruWorld<TRule>.Top);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _world.InsertKept(cpu);
        }
        else
        {
            _world.Offline(cpu, LruWorld<TRule>.Top);
            _world.Online(cpu, LruWorld<TRule>.Other);
            _world.Create(cpu, LruWorld<TRule>.Other, nid: 0, place: 1, traits: 0);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
