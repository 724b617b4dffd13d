using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A page behind a range, the range, and a page in its middle are added to one map without a spare entry.
/// </summary>
/// <remarks>The program by which the correction was verified elsewhere: ranges [5,6), [0,5) and [2,3).</remarks>
public readonly partial struct RegionAddThree<TRule>(nint root) : IScenario<RegionAddThree<TRule>>
    where TRule : struct, IHugetlbRule
{
    private const uint Pages = 32;
    private const uint MaxLength = 8;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("behind", "wide", "middle"),
        RootBytes = ResvMap<TRule>.Bytes,

        // All of them are made under the map's lock.
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    public static RegionAddThree<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MapSteps<TRule>.Prepare(cpu, Map);
        nint spare = cpu.Read(Map.RegionCache.Next);
        new FileRegion(spare).Link.Delete(cpu);
        cpu.Free(FileRegion.Cache, spare);
        cpu.Write(Map.CacheCount, 0L);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                MapSteps<TRule>.Reserve(cpu, Map, 5, 6);
                break;
            case 1:
                MapSteps<TRule>.Reserve(cpu, Map, 0, 5);
                break;
            default:
                MapSteps<TRule>.Reserve(cpu, Map, 2, 3);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(Pages);
        long to = from + 1 + (role == 1 ? cpu.Choose(MaxLength) : 0);
        MapSteps<TRule>.Any(cpu, Map, from, to);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
