using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>A walk frees an item with the lock dropped while another task deletes the next one.</summary>
public readonly partial struct WalkSavedNext<TRule>(nint root) : IScenario<WalkSavedNext<TRule>>
    where TRule : struct, IListLruRule
{
    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("walker", "deleter"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static WalkSavedNext<TRule> At(nint root) => new(root);

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
        if (task == 0)
        {
            _world.Shrink(cpu, LruWorld<TRule>.Top, nid: 0, budget: 4);
        }
        else
        {
            _world.Remove(cpu, 1);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
