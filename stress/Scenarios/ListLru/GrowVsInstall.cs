using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>Lists are installed while the array of slots is replaced by a larger one.</summary>
public readonly partial struct GrowVsInstall<TRule>(nint root) : IScenario<GrowVsInstall<TRule>>
    where TRule : struct, IListLruRule
{
    public const string ListsLost = "lists that were installed are found";

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("allocator", "creator"),
        RootBytes = LruBlock<TRule>.Bytes,
        KnownRaces = ListLruRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static GrowVsInstall<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, nodes: 1);
        _world.Online(cpu, LruWorld<TRule>.Top);
        _world.Online(cpu, LruWorld<TRule>.Child);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _world.Keep(cpu, LruWorld<TRule>.Top);
        }
        else
        {
            _world.Online(cpu, LruWorld<TRule>.Other);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Any(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Check(cpu);
        cpu.Require(cpu.Read(_world.Block.Kept) == 0 || _world.Lru.Lists(cpu, 0).Address != 0, ListsLost);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
