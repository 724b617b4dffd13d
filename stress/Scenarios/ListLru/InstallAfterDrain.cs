using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>An object is allocated in a group that goes offline, and another group gets its id.</summary>
public readonly partial struct InstallAfterDrain<TRule>(nint root) : IScenario<InstallAfterDrain<TRule>>
    where TRule : struct, IListLruRule
{
    public const string ListsOfAnother = "the lists in a slot were made for the group that owns the id";

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("allocator", "offliner", "creator"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static InstallAfterDrain<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place: 0, traits: 0);
                break;
            case 1:
                _world.Offline(cpu, LruWorld<TRule>.Top);
                break;
            default:
                _world.Online(cpu, LruWorld<TRule>.Other);
                cpu.Write(_world.Block.Watched, cpu.ReadOnce(_world.Block.Group(LruWorld<TRule>.Other)));
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.Read(_world.Block.Watched) == 0)
        {
            _world.Check(cpu);
            return;
        }

        // Explored: one group is offline by now, and the other has allocated nothing.
        _world.CheckLists(cpu);
        for (int id = 0; id < ListLru<TRule>.InitialSlots; id++)
        {
            cpu.Require(_world.Lru.Lists(cpu, id).Address == 0, ListsOfAnother);
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
