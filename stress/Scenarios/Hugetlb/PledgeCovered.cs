using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>As region-add, with the count of entries compared with the pledges after every call.</summary>
public readonly partial struct PledgeCovered<TRule>(nint root) : IScenario<PledgeCovered<TRule>>
    where TRule : struct, IHugetlbRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("wide", "middle", "first"),
        RootBytes = ResvMap<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    public static PledgeCovered<TRule> At(nint root) => new(root);

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
        long from = cpu.Choose(16);
        MapSteps<TRule>.Any(cpu, Map, from, from + 1 + (role == 0 ? cpu.Choose(8) : 0));
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(!Map.IsSettled(cpu) || Map.ArePledgesCovered(cpu), MapSteps<TRule>.PledgeUncovered);
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
