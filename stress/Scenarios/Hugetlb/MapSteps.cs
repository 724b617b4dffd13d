using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>What the scenarios of one reservation map have in common.</summary>
public static partial class MapSteps<TRule>
    where TRule : struct, IHugetlbRule
{
    public const string PledgeLeft = "a pledge was left behind";
    public const string CacheBroken = "the region cache is a list of region_cache_count entries";
    public const string RegionsBroken = "the regions are sorted, disjoint and linked both ways";
    public const string PledgeUncovered = "region_cache_count >= adds_in_progress";

    public static void Prepare<TCpu>(TCpu cpu, ResvMap<TRule> map) where TCpu : struct, ICpu
    {
        map.Initialize(cpu);
        cpu.Label(map, "resv");
    }

    // What mmap and a fault do, without the counts.
    public static void Reserve<TCpu>(TCpu cpu, ResvMap<TRule> map, long from, long to) where TCpu : struct, ICpu
    {
        (long pages, long pledge) = map.RegionChg(cpu, from, to);
        if (pages >= 0 && map.RegionAdd(cpu, from, to, pledge) < 0)
        {
            map.RegionAbort(cpu, from, to, pledge);
        }
    }

    public static void Abort<TCpu>(TCpu cpu, ResvMap<TRule> map, long from, long to) where TCpu : struct, ICpu
    {
        (long pages, long pledge) = map.RegionChg(cpu, from, to);
        if (pages >= 0)
        {
            map.RegionAbort(cpu, from, to, pledge);
        }
    }

    // One operation of a hammer.
    public static void Any<TCpu>(TCpu cpu, ResvMap<TRule> map, long from, long to) where TCpu : struct, ICpu
    {
        switch (cpu.Choose(8))
        {
            case 0:
                map.RegionCount(cpu, from, to);
                break;
            case 1:
                Abort(cpu, map, from, to);
                break;
            case 2 or 3 or 4:
                map.RegionDel(cpu, from, to);
                break;
            default:
                Reserve(cpu, map, from, to);
                break;
        }
    }

    public static void Check<TCpu>(TCpu cpu, ResvMap<TRule> map) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.Read(map.AddsInProgress) == 0, PledgeLeft);
        cpu.Require(map.IsCacheWhole(cpu), CacheBroken);
        cpu.Require(map.SoundPages(cpu) >= 0, RegionsBroken);
    }
}
