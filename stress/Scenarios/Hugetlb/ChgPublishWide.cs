using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two pages are added while another one is pledged, and given up; one call must allocate its entry.</summary>
public readonly partial struct ChgPublishWide<TRule>(nint root) : IScenario<ChgPublishWide<TRule>>
    where TRule : struct, IHugetlbRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "other"),
        RootBytes = ResvMap<TRule>.Bytes,
        PlainAccessesArePoints = false,
        MaxPoints = 1_000,
    };

    private ResvMap<TRule> Map => new(root);

    public static ChgPublishWide<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Prepare(cpu, Map);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                MapSteps<TRule>.Reserve(cpu, Map, 0, 2);
                break;
            default:
                MapSteps<TRule>.Abort(cpu, Map, 5, 6);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(16);
        MapSteps<TRule>.Any(cpu, Map, from, from + 2);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
