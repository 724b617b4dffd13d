using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>Two objects of a group are put on its list; one may be allocated without naming the list_lru.</summary>
public readonly partial struct ObjectWithoutList<TRule, TBirth>(nint root)
    : IScenario<ObjectWithoutList<TRule, TBirth>>
    where TRule : struct, IListLruRule
    where TBirth : struct, IBirthRule
{
    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("one", "other"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static ObjectWithoutList<TRule, TBirth> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            ListLru<TRule> lru = TBirth.NamesLru ? _world.Lru : default;
            LruObject item = _world.Birth(cpu, LruWorld<TRule>.Top, nid: 0, lru);
            _world.Insert(cpu, item, place: 0, traits: 0);
        }
        else
        {
            _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 1, traits: 0);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
