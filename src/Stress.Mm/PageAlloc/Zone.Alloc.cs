using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Allocating from the buddy lists.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Takes a page from the buddies: <c>rmqueue_buddy</c>.</summary>
    /// <param name="type">Below <see cref="MigrateType.PcpTypes"/>.</param>
    /// <returns>Its first page frame, or <see cref="NoPage"/>.</returns>
    /// <remarks>Context: takes <see cref="Lock"/>.</remarks>
    public long AllocBuddy<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        cpu.Enter("rmqueue_buddy", order, type);
        long pfn = RmqueueBuddy(cpu, order, type);
        if (pfn != NoPage)
        {
            Map.PageAt(pfn).Prepare(cpu, type == MigrateType.Movable);
        }

        cpu.Leave(pfn);
        return pfn;
    }

    private long RmqueueBuddy<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        long pfn = Rmqueue(cpu, order, type);
        Lock.ReleaseIrq(cpu);
        return pfn;
    }

    // __rmqueue
    private long Rmqueue<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        long pfn = RmqueueSmallest(cpu, order, type);
        return pfn != NoPage ? pfn : RmqueueFallback(cpu, order, type);
    }

    // __rmqueue_smallest
    private long RmqueueSmallest<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        for (int current = order; current <= TSize.MaxOrder; current++)
        {
            Page page = Area(current).First(cpu, type);
            if (page.Address != 0)
            {
                long pfn = Map.Pfn(page);
                DelAndExpand(cpu, pfn, order, current, type);
                return pfn;
            }
        }

        return NoPage;
    }

    // page_del_and_expand: accounts once, for what is not given back.
    private void DelAndExpand<TCpu>(TCpu cpu, long pfn, int low, int high, int type) where TCpu : struct, ICpu
    {
        DelPageFromFreeList(cpu, pfn, high, type);
        long added = Expand(cpu, pfn, low, high, type);
        AccountFreePages(cpu, added - (1L << high), type);
    }

    // Puts the upper halves back until the wanted order is left. Returns the pages that it put back.
    private long Expand<TCpu>(TCpu cpu, long pfn, int low, int high, int type) where TCpu : struct, ICpu
    {
        for (int order = high - 1; order >= low; order--)
        {
            long half = pfn + (1L << order);
            AddToFreeList(cpu, half, order, type, isLast: false);
            Map.PageAt(half).SetBuddy(cpu, order);
        }

        return (1L << high) - (1L << low);
    }

    // __rmqueue_fallback: the largest page of another type, or, for a movable one that cannot claim, the smallest.
    private long RmqueueFallback<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        for (int current = TSize.MaxOrder; current >= order; current--)
        {
            int fallback = SuitableFallback(cpu, current, type);
            if (fallback < 0)
            {
                continue;
            }

            bool canClaim = CanClaim(current, type);
            if (canClaim || type != MigrateType.Movable || current == order)
            {
                return Steal(cpu, current, order, fallback, type, canClaim);
            }

            for (current = order; ; current++)
            {
                fallback = SuitableFallback(cpu, current, type);
                if (fallback >= 0)
                {
                    return Steal(cpu, current, order, fallback, type, canClaim: false);
                }
            }
        }

        return NoPage;
    }

    // find_suitable_fallback: -1 when there is none.
    private int SuitableFallback<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        for (int choice = 0; choice < MigrateType.PcpTypes - 1; choice++)
        {
            int fallback = MigrateType.Fallback(type, choice);
            if (Area(order).First(cpu, fallback).Address != 0)
            {
                return fallback;
            }
        }

        return -1;
    }

    // can_steal_fallback: pages that stay where they are had better not be spread.
    private static bool CanClaim(int order, int type)
        => order >= TSize.PageblockOrder / 2 || type != MigrateType.Movable;
}
