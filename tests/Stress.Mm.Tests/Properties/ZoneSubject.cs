using System.Collections.Generic;
using System.Linq;
using Stress.Machine.Native;
using Stress.Mm.PageAlloc;
using Stress.Scenarios.Zone;
using Xunit;

namespace Stress.Mm.Tests.Properties;

public enum ZoneCall
{
    Alloc,
    Free,
    Isolate,
    Undo,
    AllocRange,
}

/// <summary>A zone of sixteen pages without per-CPU lists, compared with the set of its free pages and the set of its
/// isolated pageblocks.</summary>
public sealed class ZoneSubject<TRule, TSize> : Subject<ZoneCall>
    where TRule : struct, IZoneRule
    where TSize : struct, IZoneSize
{
    private const int Pages = ZoneBlock<TRule, TSize>.Pages;
    private readonly SortedSet<long> _free = [];
    private readonly HashSet<long> _isolated = [];
    private readonly SortedDictionary<long, int> _orders = [];

    public ZoneSubject()
        : base(ZoneBlock<TRule, TSize>.Bytes)
    {
        Block.Prepare(Cpu);
        for (long pfn = 0; pfn < Pages; pfn += Zone<TRule, TSize>.MaxBuddyPages)
        {
            Block.Free(Cpu, pfn, TSize.MaxOrder);
        }

        _free.UnionWith(Range(0, Pages));
    }

    private static long BlockPages => Zone<TRule, TSize>.BlockPages;

    private ZoneBlock<TRule, TSize> Block => new(Root);

    private Zone<TRule, TSize> Zone => Block.Zone;

    protected override void Make(Call<ZoneCall> call)
    {
        long block = call.A % (Pages / BlockPages);
        switch (call.Kind)
        {
            case ZoneCall.Alloc:
                Alloc(call.A % (TSize.MaxOrder + 1), call.B % MigrateType.PcpTypes);
                break;
            case ZoneCall.Free when _orders.Count > 0:
                Free(_orders.Keys.ElementAt(call.A % _orders.Count));
                break;
            case ZoneCall.Isolate:
                Isolate(block);
                break;
            case ZoneCall.Undo:
                Zone.UnsetMigratetypeIsolate(Cpu, block * BlockPages, call.B % MigrateType.PcpTypes);
                _isolated.Remove(block);
                break;
            case ZoneCall.AllocRange:
                long start = call.A % Pages;
                AllocRange(start, start + 1 + (call.B % (Pages - start)));
                break;
            default:
                break;
        }
    }

    protected override void Compare()
    {
        NativeCpu cpu = Cpu;
        new ZoneAudit<TRule, TSize>(Zone).Check(cpu);
        SortedSet<long> free = [];
        for (long pfn = 0; pfn < Pages; pfn++)
        {
            Page page = Block.Map.PageAt(pfn);
            if (page.IsBuddy(cpu))
            {
                free.UnionWith(Range(pfn, pfn + (1L << page.Order(cpu))));
            }
        }

        Assert.True(free.SetEquals(_free), "the pages in buddies are the set of free pages");
        IEnumerable<long> isolated = Range(0, Pages / BlockPages)
            .Where(block => Block.Map.Type(cpu, block) == MigrateType.Isolate);
        Assert.True(_isolated.SetEquals(isolated), "the isolated pageblocks are those of the set");
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (long at = from; at < to; at++)
        {
            yield return at;
        }
    }

    private bool IsIsolated(long pfn) => _isolated.Contains(pfn / BlockPages);

    private void Alloc(int order, int type)
    {
        long pfn = Zone.AllocBuddy(Cpu, order, type);
        if (pfn == Zone<TRule, TSize>.NoPage)
        {
            Assert.True(order > 0 || _free.All(IsIsolated), "a page is refused only when none is left");
            return;
        }

        List<long> pages = [.. Range(pfn, pfn + (1L << order))];
        Assert.True(pages.All(_free.Contains), "what is allocated was free");
        Assert.False(pages.Exists(IsIsolated), "what is allocated was not isolated");
        _free.ExceptWith(pages);
        _orders.Add(pfn, order);
    }

    private void Free(long pfn)
    {
        int order = _orders[pfn];
        Zone.FreeBuddy(Cpu, pfn, order);
        _orders.Remove(pfn);
        _free.UnionWith(Range(pfn, pfn + (1L << order)));
    }

    private void Isolate(long block)
    {
        (long error, _) = Zone.SetMigratetypeIsolate(Cpu, block * BlockPages);
        Assert.True(error == Errno.Busy || _isolated.Add(block), "a block is isolated once");
    }

    private void AllocRange(long start, long end)
    {
        List<long> range = [.. Range(start, end)];
        bool isFree = range.TrueForAll(pfn => _free.Contains(pfn) && !IsIsolated(pfn));
        long error = Zone.AllocContigRange(Cpu, start, end);
        Assert.True(isFree || error == Errno.Busy, "a range is allocated only when it is free");
        if (error == 0)
        {
            _free.ExceptWith(range);
            range.ForEach(pfn => _orders.Add(pfn, 0));
        }
    }
}
