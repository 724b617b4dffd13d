using System;
using System.Numerics;
using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Buddies that reach over the boundary of a pageblock.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Finds the free page that covers a page: <c>find_large_buddy</c>, <c>find_straddling_buddy</c>.
    /// </summary>
    /// <returns>The first page frame of the buddy; <paramref name="start"/> when none before it covers it.</returns>
    /// <remarks>Context: <see cref="Lock"/>, or pages that cannot leave the free lists. Each step clears one more bit
    /// of the frame number, so it may look at pages before the zone, which another lock guards.</remarks>
    public long FindLargeBuddy<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        long pfn = start;
        long first = TRule.StopsAtZoneStart ? cpu.Read(StartPfn) : 0;
        for (int order = 0; !Map.PageAt(pfn).IsBuddy(cpu);)
        {
            order++;
            pfn &= -1L << order;
            if (order > TSize.MaxOrder || pfn < first)
            {
                return start;
            }
        }

        return pfn + (1L << Map.PageAt(pfn).Order(cpu)) > start ? pfn : start;
    }

    /// <summary>Splits what reaches over a boundary: the scan of <c>isolate_single_pageblock</c> until v6.9.</summary>
    /// <param name="from">First page frame to look at, aligned to the largest buddy.</param>
    /// <param name="boundary">First page frame of a pageblock.</param>
    /// <remarks>Context: takes <see cref="Lock"/> for each split, after it has looked without it.</remarks>
    public void SplitStraddling<TCpu>(TCpu cpu, long from, long boundary) where TCpu : struct, ICpu
    {
        cpu.Enter("split_straddling", from, boundary);
        for (long pfn = from; pfn < boundary;)
        {
            Page page = Map.PageAt(pfn);
            if (!page.IsBuddy(cpu))
            {
                pfn++;
                continue;
            }

            // No lock is held: the page may be taken, and its order be another, by now and later.
            int order = Math.Min(page.Order(cpu), TSize.MaxOrder);
            if (pfn + (1L << order) > boundary && SplitFreePageLocked(cpu, pfn, order, boundary - pfn) != 0)
            {
                continue;
            }

            pfn += 1L << order;
        }

        cpu.Leave();
    }

    private long SplitFreePageLocked<TCpu>(TCpu cpu, long head, int order, long offset) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        long error = SplitFreePage(cpu, head, order, offset);
        Lock.ReleaseIrq(cpu);
        return error;
    }

    // split_free_page: re-frees [0, offset), then the rest, in naturally aligned parts, each as of its first block.
    private long SplitFreePage<TCpu>(TCpu cpu, long head, int order, long offset) where TCpu : struct, ICpu
    {
        Page page = Map.PageAt(head);
        if (TRule.RechecksBeforeSplit && (!page.IsBuddy(cpu) || page.Order(cpu) != order))
        {
            return Errno.NoEntry;
        }

        TakeFromFreeList(cpu, head, order, TypeOf(cpu, head));
        FreeParts(cpu, head, head + offset);
        FreeParts(cpu, head + offset, head + (1L << order));
        return 0;
    }

    private void FreeParts<TCpu>(TCpu cpu, long from, long end) where TCpu : struct, ICpu
    {
        for (long pfn = from; pfn < end;)
        {
            int length = BitOperations.Log2((ulong)(end - pfn));
            int order = pfn == 0 ? length : Math.Min(BitOperations.TrailingZeroCount(pfn), length);
            FreePage(cpu, pfn, order, TypeOf(cpu, pfn), isLast: false);
            pfn += 1L << order;
        }
    }
}
