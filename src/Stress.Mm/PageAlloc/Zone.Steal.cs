using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Taking pages of another type, and moving pageblocks between types. Context: <see cref="Lock"/>.</content>
public readonly partial struct Zone<TRule, TSize>
{
    // steal_suitable_fallback: with the page come its whole blocks, its block, or nothing but itself.
    private long Steal<TCpu>(TCpu cpu, int current, int order, int fallback, int type, bool canClaim)
        where TCpu : struct, ICpu
    {
        long pfn = Map.Pfn(Area(current).First(cpu, fallback));
        int blockType = TypeOf(cpu, pfn);
        if (current >= TSize.PageblockOrder)
        {
            TakeFromFreeList(cpu, pfn, current, blockType);
            ChangePageblockRange(cpu, pfn, current, type);
            long added = Expand(cpu, pfn, order, current, type);
            AccountFreePages(cpu, added, type);
            return pfn;
        }

        if (canClaim && TryClaimBlock(cpu, BlockStart(pfn), blockType, type))
        {
            return RmqueueSmallest(cpu, order, type);
        }

        DelAndExpand(cpu, pfn, order, current, blockType);
        return pfn;
    }

    // Claims the block when at least half of it is free or of the claimer's kind.
    private bool TryClaimBlock<TCpu>(TCpu cpu, long start, int from, int to) where TCpu : struct, ICpu
    {
        if (!IsBlockInZone(cpu, start))
        {
            return false;
        }

        (long free, long movable) = CountBlock(cpu, start);
        long alike = 0;
        if (to == MigrateType.Movable)
        {
            alike = movable;
        }
        else if (from == MigrateType.Movable)
        {
            alike = BlockPages - free - movable;
        }

        if (free + alike < BlockPages / 2)
        {
            return false;
        }

        MoveFreepagesBlock(cpu, start, from, to);
        return true;
    }

    // prep_move_freepages_block: refuses blocks that reach out of the zone.
    private bool IsBlockInZone<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        long zoneStart = cpu.Read(StartPfn);
        return start >= zoneStart && start + BlockPages <= zoneStart + cpu.Read(SpannedPages);
    }

    private (long Free, long Movable) CountBlock<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        long free = 0;
        long movable = 0;
        for (long pfn = start; pfn < start + BlockPages;)
        {
            Page page = Map.PageAt(pfn);
            if (page.IsBuddy(cpu))
            {
                long pages = 1L << page.Order(cpu);
                free += pages;
                pfn += pages;
                continue;
            }

            // Relaxed: the page is in use, and its owner may free it; the count is a guess.
            movable += (cpu.ReadOnce(page.Flags) & Page.Lru) != 0 ? 1 : 0;
            pfn++;
        }

        return (free, movable);
    }

    // __move_freepages_block: what starts in the block; the type comes last, for it is what the pages are taken off by.
    private void MoveFreepagesBlock<TCpu>(TCpu cpu, long start, int from, int to) where TCpu : struct, ICpu
    {
        for (long pfn = start; pfn < start + BlockPages;)
        {
            Page page = Map.PageAt(pfn);
            if (!page.IsBuddy(cpu))
            {
                pfn++;
                continue;
            }

            int order = page.Order(cpu);
            cpu.BugOn(page.ZoneNumber(cpu) != cpu.Read(Number), "VM_BUG_ON_PAGE(page_zone(page) != zone, page)");
            MoveToFreeList(cpu, pfn, order, from, to);
            pfn += 1L << order;
        }

        SetType(cpu, start, to);
    }
}
