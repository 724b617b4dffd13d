using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A wide range is added while somebody adds a page in its middle, and gives another pledge up.</summary>
public readonly partial struct RegionAbort<TRule>(nint root) : IScenario<RegionAbort<TRule>>
    where TRule : struct, IHugetlbRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("wide", "fault"),
        RootBytes = ResvMap<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    public static RegionAbort<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Prepare(cpu, Map);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                MapSteps<TRule>.Reserve(cpu, Map, 2, 6);
                break;
            default:
                MapSteps<TRule>.Reserve(cpu, Map, 3, 4);
                MapSteps<TRule>.Abort(cpu, Map, 0, 1);
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
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
