using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A charged range is added and deleted while somebody adds a page in its middle.</summary>
public readonly partial struct CssRefs<TRule>(nint root) : IScenario<CssRefs<TRule>>
    where TRule : struct, IHugetlbRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("wide", "middle"),
        RootBytes = 128,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    private PlainPtr Payer => new(root + 96);

    public static CssRefs<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MapSteps<TRule>.Prepare(cpu, Map);
        HugetlbCgroup group = HugetlbCgroup.Create(cpu);
        cpu.Label(group, "h_cg");
        cpu.Write(Payer, group.Address);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            AddCharged(cpu, 0, 5);
            Map.RegionDel(cpu, 0, 5);
        }
        else
        {
            MapSteps<TRule>.Reserve(cpu, Map, 2, 3);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(8);
        switch (role)
        {
            case 0:
                AddCharged(cpu, from, from + 5);
                Map.RegionDel(cpu, from, from + 5);
                break;
            default:
                MapSteps<TRule>.Any(cpu, Map, from, from + 1);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Map.Release(cpu);
        HugetlbCgroup group = new(cpu.Read(Payer));
        cpu.Require(cpu.Read(group.RefCount) == 1, "every region gives back the references that were taken for it");
        group.Put(cpu);
    }

    // hugetlb_reserve_pages: the reference of the charge is the caller's, or was that of all its regions.
    private void AddCharged<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        HugetlbCgroup group = new(cpu.Read(Payer));
        group.Get(cpu);
        (long pages, long pledge) = Map.RegionChg(cpu, from, to);
        bool isAdded = pages >= 0 && Map.RegionAdd(cpu, from, to, pledge, group.Address) > 0;
        if (!isAdded || TRule.TakesReferencePerRegion)
        {
            group.Put(cpu);
        }
    }
}
