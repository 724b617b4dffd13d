using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A wide range and two single pages are added to one map; one page splits the wide range.</summary>
public readonly partial struct RegionAdd<TRule>(nint root) : IScenario<RegionAdd<TRule>>
    where TRule : struct, IHugetlbRule
{
    private const uint Pages = 32;
    private const uint MaxLength = 8;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("wide", "middle", "first"),
        RootBytes = ResvMap<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    public static RegionAdd<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Prepare(cpu, Map);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                MapSteps<TRule>.Reserve(cpu, Map, 2, 6);
                break;
            case 1:
                MapSteps<TRule>.Reserve(cpu, Map, 3, 4);
                break;
            default:
                MapSteps<TRule>.Reserve(cpu, Map, 0, 1);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(Pages);
        long to = from + 1 + (role == 0 ? cpu.Choose(MaxLength) : 0);
        MapSteps<TRule>.Any(cpu, Map, from, to);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
