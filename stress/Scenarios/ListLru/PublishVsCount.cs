using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>The lists of a group are made and published while its items are counted without a lock.</summary>
public readonly partial struct PublishVsCount<TRule>(nint root) : IScenario<PublishVsCount<TRule>>
    where TRule : struct, IListLruRule
{
    public const string Garbage = "the lists of a group without items are found empty";

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("allocator", "counter"),
        RootBytes = LruBlock<TRule>.Bytes,
    };

    public static PublishVsCount<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        MemCgroup memcg = new(cpu.ReadOnce(_world.Block.Group(LruWorld<TRule>.Top)));
        if (task == 0)
        {
            _world.Lru.AllocLists(cpu, memcg);
        }
        else
        {
            long count = _world.Lru.CountOne(cpu, 0, memcg);
            cpu.Require(count == 0, Garbage);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.CheckLists(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
