using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A range needs two new entries; somebody takes the spare one while the first is allocated.</summary>
public readonly partial struct StaleListHead<TRule>(nint root) : IScenario<StaleListHead<TRule>>
    where TRule : struct, IHugetlbRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("wide", "other"),
        RootBytes = ResvMap<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    public static StaleListHead<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // One region that splits the range, and one spare entry that an aborted call has left.
        MapSteps<TRule>.Prepare(cpu, Map);
        MapSteps<TRule>.Reserve(cpu, Map, 2, 3);
        MapSteps<TRule>.Abort(cpu, Map, 8, 9);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                MapSteps<TRule>.Reserve(cpu, Map, 0, 5);
                break;
            default:
                MapSteps<TRule>.Reserve(cpu, Map, 10, 11);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(16);
        MapSteps<TRule>.Any(cpu, Map, from, from + 1 + (role == 0 ? cpu.Choose(8) : 0));
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(!Map.IsSettled(cpu) || Map.IsCacheWhole(cpu), MapSteps<TRule>.CacheBroken);
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
