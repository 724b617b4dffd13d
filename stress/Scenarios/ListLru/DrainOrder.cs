using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>Two of three items are deleted while their group goes offline.</summary>
public readonly partial struct DrainOrder<TRule>(nint root) : IScenario<DrainOrder<TRule>>
    where TRule : struct, IListLruRule
{
    public const string Uncounted = "a list whose lock is free is as long as its count";

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("offliner", "first deleter", "second deleter"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
    };

    public static DrainOrder<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);

        for (int place = 0; place < 3; place++)
        {
            _world.Create(cpu, LruWorld<TRule>.Top, nid: 0, place, traits: 0);
        }

        cpu.Write(_world.Block.Watched, _world.Lru.Lists(cpu, 0).Address);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Offline(cpu, LruWorld<TRule>.Top);
                break;
            case 1:
                _world.Remove(cpu, 0);
                break;
            default:
                _world.Remove(cpu, 1);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // One lock for all lists lets a deleter count an item off the parent's list that is still on the child's.
        ListLruMemcg lists = new(cpu.Read(_world.Block.Watched));
        if (TRule.HasListLocks)
        {
            Require(cpu, lists.Node(0));
            Require(cpu, _world.Lru.Node(0).Lru);
        }
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private static void Require<TCpu>(TCpu cpu, ListLruOne one) where TCpu : struct, ICpu
    {
        long items = cpu.Read(one.NrItems);
        bool isSettled = cpu.Read(one.Lock.Value) == 0;
        cpu.Require(
            !isSettled || items == ListLruOne.Dead || ListLru<TRule>.SoundLength(cpu, one, 3) == items, Uncounted);
    }
}
