using System.Numerics;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.Tests.Hugetlb;

/// <summary>One task makes random calls on a map and compares each result with a set of pages.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>The set is a word with a bit for each page, kept behind the map.</remarks>
public readonly partial struct RegionAlgebra<TRule>(nint root) : IScenario<RegionAlgebra<TRule>>
    where TRule : struct, IHugetlbRule
{
    private const uint Pages = 40;
    private const uint MaxLength = 12;
    private const int Calls = 40;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("only"),
        RootBytes = ResvMap<TRule>.Bytes + 8,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    private PlainU64 Set => new(root + 96);

    public static RegionAlgebra<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < Calls; i++)
        {
            Work(cpu, 0);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(Pages);
        long to = from + 1 + cpu.Choose(MaxLength);
        switch (cpu.Choose(6))
        {
            case 0:
                CompareCount(cpu, from, to);
                break;
            case 1:
                CompareDelete(cpu, from, to);
                break;
            case 2:
                CompareDelete(cpu, from, from + 1);
                break;
            case 3:
                ComparePledge(cpu, from, to, isAborted: true);
                break;
            default:
                ComparePledge(cpu, from, to, isAborted: false);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(!Map.IsSettled(cpu) || Map.ArePledgesCovered(cpu), "pledges are covered");

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ulong set = cpu.Read(Set);
        cpu.Require(cpu.Read(Map.AddsInProgress) == 0, "no pledge is left");
        cpu.Require(Map.IsCacheWhole(cpu), "the cache is whole");
        cpu.Require(Map.SoundPages(cpu) == BitOperations.PopCount(set), "the map has the pages of the set");
        if (TRule.Coalesces)
        {
            cpu.Require(CountRegions(cpu) == BitOperations.PopCount(set & ~(set << 1)), "no two regions touch");
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);

    private static ulong Range(long from, long to) => (ulong.MaxValue >> (int)(64 - (to - from))) << (int)from;

    private void CompareCount<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        ulong set = cpu.Read(Set);
        long count = Map.RegionCount(cpu, from, to);
        cpu.Require(count == BitOperations.PopCount(set & Range(from, to)), "region_count counts the set");
    }

    private void CompareDelete<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        ulong set = cpu.Read(Set);
        ulong range = Range(from, to);
        long deleted = Map.RegionDel(cpu, from, to);
        if (deleted == Errno.NoMemory)
        {
            cpu.Require((set & range) == range, "only a split needs memory");
            return;
        }

        cpu.Require(deleted == BitOperations.PopCount(set & range), "region_del returns what was in the set");
        cpu.Write(Set, set & ~range);
    }

    private void ComparePledge<TCpu>(TCpu cpu, long from, long to, bool isAborted) where TCpu : struct, ICpu
    {
        ulong set = cpu.Read(Set);
        long lacking = BitOperations.PopCount(Range(from, to) & ~set);
        (long pages, long pledge) = Map.RegionChg(cpu, from, to);
        if (pages == Errno.NoMemory)
        {
            return;
        }

        cpu.Require(pages == lacking + Overcount(set, from), "region_chg returns what the set lacks");
        if (isAborted)
        {
            Map.RegionAbort(cpu, from, to, pledge);
            return;
        }

        long added = Map.RegionAdd(cpu, from, to, pledge);
        cpu.Require(added == lacking, "region_add returns what the set lacked");
        cpu.Write(Set, set | Range(from, to));
    }

    // Behind the last region v6 takes the one pledge there is for the first page of a region.
    private static long Overcount(ulong set, long from)
    {
        long end = 64 - BitOperations.LeadingZeroCount(set);
        bool isBehindAll = set == 0 || from > end;
        return TRule.IsBeforeSeries && isBehindAll && from > 1 ? from - 1 : 0;
    }

    private long CountRegions<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long count = 0;
        nint node = cpu.Read(Map.Regions.Next);
        while (node != Map.Regions.Address)
        {
            count++;
            node = cpu.Read(new ListHead(node).Next);
        }

        return count;
    }
}
