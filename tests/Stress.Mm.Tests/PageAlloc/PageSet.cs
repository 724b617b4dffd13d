using System.Numerics;
using Stress.Machine;
using Stress.Mm.PageAlloc;
using Stress.Scenarios.Zone;

namespace Stress.Mm.Tests.PageAlloc;

/// <summary>One task makes random calls on a zone and compares what they give with two sets: the pages in use, and the
/// isolated pageblocks.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <typeparam name="TSize">The orders.</typeparam>
/// <remarks>The sets are words with a bit for each page and each block; behind them the order of each page in use.
/// </remarks>
public readonly partial struct PageSet<TRule, TSize>(nint root) : IScenario<PageSet<TRule, TSize>>
    where TRule : struct, IZoneRule
    where TSize : struct, IZoneSize
{
    private const int Pages = ZoneBlock<TRule, TSize>.Pages;
    private const int SetsOffset = 8192;
    private const int Calls = 30;

    private readonly ZoneBlock<TRule, TSize> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("only"),
        RootBytes = SetsOffset + 16 + Pages,
        PlainAccessesArePoints = false,
    };

    private static uint Blocks => (uint)(Pages / Zone<TRule, TSize>.BlockPages);

    private PlainU64 Used => new(root + SetsOffset);

    private PlainU64 Isolated => new(root + SetsOffset + 8);

    public static PageSet<TRule, TSize> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pcpHigh: 3, pcpBatch: 2);
        for (long pfn = 0; pfn < Pages; pfn += Zone<TRule, TSize>.MaxBuddyPages)
        {
            _block.Free(cpu, pfn, TSize.MaxOrder);
        }
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < Calls; i++)
        {
            Work(cpu, 0);
            Check(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (cpu.Choose(7))
        {
            case 0:
            case 1:
                Alloc(cpu, (int)cpu.Choose((uint)TSize.MaxOrder + 1), cpu.Choose(2) == 0);
                break;
            case 2:
                Free(cpu, cpu.Choose(Pages), cpu.Choose(2) == 0);
                break;
            case 3:
                Isolate(cpu, cpu.Choose(Blocks));
                break;
            case 4:
                Undo(cpu, cpu.Choose(Blocks));
                break;
            case 5:
                Hotplug(cpu, cpu.Choose((uint)(Pages / Zone<TRule, TSize>.MaxBuddyPages)));
                break;
            default:
                AllocRange(cpu, cpu.Choose(Pages - 1));
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long onLists = new ZoneAudit<TRule, TSize>(_block.Zone).Check(cpu);
        long free = onLists + _block.Zone.PcpPages(cpu, -1);
        cpu.Require(free == Pages - BitOperations.PopCount(cpu.Read(Used)), "what is not in use is free");
        cpu.Require(
            _block.Zone.IsolatedBlocks(cpu) == BitOperations.PopCount(cpu.Read(Isolated)),
            "the blocks of the set are isolated");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private static ulong Range(long from, long to) => (ulong.MaxValue >> (int)(64 - (to - from))) << (int)from;

    private PlainU8 OrderAt(long pfn) => new(root + SetsOffset + 16 + (nint)pfn);

    private void Alloc<TCpu>(TCpu cpu, int order, bool usesPcp) where TCpu : struct, ICpu
    {
        int type = (int)cpu.Choose(MigrateType.PcpTypes);
        long pfn = usesPcp ? _block.Zone.AllocPages(cpu, order, type) : _block.Zone.AllocBuddy(cpu, order, type);
        ulong used = cpu.Read(Used);
        if (pfn == Zone<TRule, TSize>.NoPage)
        {
            ulong taken = used | IsolatedPages(cpu);
            bool isSpent = order != 0 || BitOperations.PopCount(taken) == Pages || _block.Zone.PcpPages(cpu, -1) != 0;
            cpu.Require(isSpent, "the allocation of a page fails only when none is left");
            return;
        }

        ulong range = Range(pfn, pfn + (1L << order));
        cpu.Require((used & range) == 0, "no page is allocated twice");
        cpu.Require(usesPcp || (IsolatedPages(cpu) & range) == 0, "no isolated page is allocated");
        cpu.Write(Used, used | range);
        cpu.Write(OrderAt(pfn), (byte)(order + 1));
    }

    private ulong IsolatedPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ulong isolated = cpu.Read(Isolated);
        ulong pages = 0;
        for (int block = 0; block < Blocks; block++)
        {
            long start = block * Zone<TRule, TSize>.BlockPages;
            pages |= ((isolated >> block) & 1) != 0 ? Range(start, start + Zone<TRule, TSize>.BlockPages) : 0;
        }

        return pages;
    }

    private void Free<TCpu>(TCpu cpu, long pfn, bool usesPcp) where TCpu : struct, ICpu
    {
        int order = cpu.Read(OrderAt(pfn)) - 1;
        if (order < 0)
        {
            return;
        }

        if (usesPcp)
        {
            _block.Zone.FreePages(cpu, pfn, order);
        }
        else
        {
            _block.Zone.FreeBuddy(cpu, pfn, order);
        }

        cpu.Write(OrderAt(pfn), (byte)0);
        cpu.Write(Used, cpu.Read(Used) & ~Range(pfn, pfn + (1L << order)));
    }

    private void Isolate<TCpu>(TCpu cpu, long block) where TCpu : struct, ICpu
    {
        ulong isolated = cpu.Read(Isolated);
        bool isIsolated = ((isolated >> (int)block) & 1) != 0;
        (long error, _) = _block.Zone.SetMigratetypeIsolate(cpu, block * Zone<TRule, TSize>.BlockPages);
        cpu.Require(!isIsolated || error == Errno.Busy, "a block is isolated once");
        if (error == 0)
        {
            cpu.Write(Isolated, isolated | (1UL << (int)block));
        }
    }

    private void Undo<TCpu>(TCpu cpu, long block) where TCpu : struct, ICpu
    {
        int type = (int)cpu.Choose(MigrateType.PcpTypes);
        _block.Zone.UnsetMigratetypeIsolate(cpu, block * Zone<TRule, TSize>.BlockPages, type);
        cpu.Write(Isolated, cpu.Read(Isolated) & ~(1UL << (int)block));
    }

    private void Hotplug<TCpu>(TCpu cpu, long buddy) where TCpu : struct, ICpu
    {
        long start = buddy * Zone<TRule, TSize>.MaxBuddyPages;
        long end = start + Zone<TRule, TSize>.MaxBuddyPages;
        bool isBusy = ((cpu.Read(Used) | IsolatedPages(cpu)) & Range(start, end)) != 0;
        long error = _block.Zone.OfflinePages(cpu, start, end);
        cpu.Require((error != 0) == isBusy, "memory goes offline when it is free, and only then");
        if (error == 0)
        {
            _block.Zone.OnlinePages(cpu, start, end);
        }
    }

    private void AllocRange<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        long end = start + 1 + cpu.Choose((uint)(Pages - start));
        ulong used = cpu.Read(Used);
        long block = Zone<TRule, TSize>.BlockPages;
        ulong blocks = Range(start & -block, (end + block - 1) & -block);
        bool isBusy = (used & Range(start, end)) != 0 || (IsolatedPages(cpu) & blocks) != 0;
        long error = _block.Zone.AllocContigRange(cpu, start, end);
        cpu.Require(!isBusy || error == Errno.Busy, "a range is allocated only when it is free");
        if (error != 0)
        {
            cpu.Require((used & blocks) != 0 || isBusy, "a free range can be allocated");
            return;
        }

        cpu.Write(Used, used | Range(start, end));
        for (long pfn = start; pfn < end; pfn++)
        {
            cpu.Write(OrderAt(pfn), (byte)1);
        }
    }
}
