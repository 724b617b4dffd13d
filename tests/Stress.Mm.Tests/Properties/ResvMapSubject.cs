using System.Collections.Generic;
using System.Linq;
using Stress.Machine.Native;
using Stress.Mm.Hugetlb;
using Xunit;

namespace Stress.Mm.Tests.Properties;

public enum ResvMapCall
{
    Delete,
    Pledge,
    Add,
    Abort,
}

/// <summary>A map of reservations, compared with the set of the reserved pages. Pledges stay open across calls.
/// </summary>
public sealed class ResvMapSubject<TRule> : Subject<ResvMapCall>
    where TRule : struct, IHugetlbRule
{
    private const int Pages = 16;
    private const int MaxLength = 8;

    private readonly HashSet<long> _reserved = [];
    private readonly List<(long From, long To, long Pledge)> _pledges = [];

    public ResvMapSubject(double failAlloc = 0)
        : base(ResvMap<TRule>.Bytes, failAlloc: failAlloc)
        => Map.Initialize(Cpu);

    private ResvMap<TRule> Map => new(Root);

    protected override void Make(Call<ResvMapCall> call)
    {
        long from = call.A % Pages;
        long to = from + 1 + (call.B % MaxLength);
        switch (call.Kind)
        {
            case ResvMapCall.Delete:
                Delete(from, to);
                break;
            case ResvMapCall.Pledge:
                Pledge(from, to);
                break;
            case ResvMapCall.Add when _pledges.Count > 0:
                Add(Take(call.C));
                break;
            case ResvMapCall.Abort when _pledges.Count > 0:
                (long start, long end, long pledge) = Take(call.C);
                Map.RegionAbort(Cpu, start, end, pledge);
                break;
            default:
                break;
        }
    }

    protected override void Compare()
    {
        NativeCpu cpu = Cpu;
        for (long page = 0; page < Pages + MaxLength; page++)
        {
            bool isReserved = Map.RegionCount(cpu, page, page + 1) == 1;
            Assert.True(isReserved == _reserved.Contains(page), "the map has the pages of the set");
            Assert.True(Map.RegionCount(cpu, 0, page + 1) == Within(0, page + 1), "region_count counts the set");
        }

        long open = _pledges.Sum(pledge => pledge.Pledge);
        Assert.True(cpu.Read(Map.AddsInProgress) == open, "the pledges are those still open");
        Assert.True(Map.IsCacheWhole(cpu) && Map.ArePledgesCovered(cpu), "each pledge has its entry");
    }

    private long Within(long from, long to) => _reserved.Count(page => page >= from && page < to);

    private (long From, long To, long Pledge) Take(int number)
    {
        int index = number % _pledges.Count;
        (long From, long To, long Pledge) taken = _pledges[index];
        _pledges.RemoveAt(index);
        return taken;
    }

    private void Delete(long from, long to)
    {
        long expected = Within(from, to);
        long deleted = Map.RegionDel(Cpu, from, to);
        if (deleted == Errno.NoMemory)
        {
            Assert.True(expected == to - from, "only a split needs memory");
            return;
        }

        Assert.True(deleted == expected, "region_del returns what was in the set");
        _reserved.RemoveWhere(page => page >= from && page < to);
    }

    private void Pledge(long from, long to)
    {
        (long pages, long pledge) = Map.RegionChg(Cpu, from, to);
        if (pages != Errno.NoMemory)
        {
            Assert.True(pages == to - from - Within(from, to), "region_chg returns what the set lacks");
            _pledges.Add((from, to, pledge));
        }
    }

    private void Add((long From, long To, long Pledge) open)
    {
        long lacking = open.To - open.From - Within(open.From, open.To);
        long added = Map.RegionAdd(Cpu, open.From, open.To, open.Pledge);
        if (added == Errno.NoMemory)
        {
            // Others have split the range since it was pledged; whoever fails to add gives the pledge back.
            Map.RegionAbort(Cpu, open.From, open.To, open.Pledge);
            return;
        }

        Assert.True(added == lacking, "region_add returns what the set lacked");
        for (long page = open.From; page < open.To; page++)
        {
            _reserved.Add(page);
        }
    }
}
