using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Freeing to the buddy lists.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Gives a page that was taken by <see cref="AllocBuddy"/> back to the buddies: <c>free_one_page</c>.
    /// </summary>
    /// <param name="pfn">First page frame.</param>
    /// <param name="order">As it was allocated, or parts of it, naturally aligned.</param>
    /// <remarks>Context: takes <see cref="Lock"/>.</remarks>
    public void FreeBuddy<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        cpu.Enter("free_one_page", pfn, order);
        Map.PageAt(pfn).Unprepare(cpu);
        FreeOnePage(cpu, pfn, order);
        cpu.Leave();
    }

    private void FreeOnePage<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        if (TRule.ReadsTypeBeforeLock)
        {
            FreeByEarlyType(cpu, pfn, order);
            return;
        }

        Lock.AcquireIrq(cpu);
        if (TRule.FreesBlockByBlock)
        {
            SplitLargeBuddy(cpu, pfn, order);
        }
        else
        {
            FreePage(cpu, pfn, order, TypeOf(cpu, pfn), isLast: false);
        }

        Lock.ReleaseIrq(cpu);
    }

    // Before 55612e80e722: the type is read again only while the zone has isolated blocks.
    private void FreeByEarlyType<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        int type = TypeOf(cpu, pfn);
        Lock.AcquireIrq(cpu);
        if (type == MigrateType.Isolate || cpu.Read(NrIsolatePageblock) != 0)
        {
            type = TypeOf(cpu, pfn);
        }

        FreePage(cpu, pfn, order, type, isLast: false);
        Lock.ReleaseIrq(cpu);
    }

    // split_large_buddy: each pageblock as of its own type.
    private void SplitLargeBuddy<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        long end = pfn + (1L << order);
        int part = order > TSize.PageblockOrder ? TSize.PageblockOrder : order;
        for (long next = pfn; next < end; next += 1L << part)
        {
            FreePage(cpu, next, part, TypeOf(cpu, next), isLast: false);
        }
    }

    // __free_one_page: merges with its buddies for as long as they are free.
    private void FreePage<TCpu>(TCpu cpu, long pfn, int order, int type, bool isLast) where TCpu : struct, ICpu
    {
        cpu.BugOn((pfn & ((1L << order) - 1)) != 0, "VM_BUG_ON_PAGE(pfn & ((1 << order) - 1), page)");
        AccountFreePages(cpu, 1L << order, type);
        long buddy = pfn ^ (1L << order);
        while (order < TSize.MaxOrder)
        {
            buddy = pfn ^ (1L << order);
            if (!IsBuddyFree(cpu, buddy, order) || !AbsorbBuddy(cpu, buddy, order, type))
            {
                break;
            }

            pfn &= buddy;
            order++;
        }

        Map.PageAt(pfn).SetBuddy(cpu, order);
        bool waits = isLast || IsMergeLikely(cpu, pfn & buddy, order);
        AddToFreeList(cpu, pfn, order, type, waits);
    }

    // Below pageblock_order both halves are of one block. Above, types may differ; only some mix.
    private bool AbsorbBuddy<TCpu>(TCpu cpu, long buddy, int order, int type) where TCpu : struct, ICpu
    {
        int buddyType = type;
        if (order >= TSize.PageblockOrder)
        {
            buddyType = TypeOf(cpu, buddy);
            if (buddyType != type && !(MigrateType.IsMergeable(type) && MigrateType.IsMergeable(buddyType)))
            {
                return false;
            }
        }

        // Stays free, so nothing is accounted.
        DelPageFromFreeList(cpu, buddy, order, buddyType);
        if (buddyType != type)
        {
            ChangePageblockRange(cpu, buddy, TRule.RetypesWholeBuddy ? order : TSize.PageblockOrder, type);
        }

        return true;
    }

    // buddy_merge_likely: whether the next larger one would merge too, so that this one had better be taken last.
    private bool IsMergeLikely<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
        => order < TSize.MaxOrder - 1 && IsBuddyFree(cpu, pfn ^ (1L << (order + 1)), order + 1);
}
