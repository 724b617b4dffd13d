using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Allocating a range of page frames.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Takes exactly the pages of a range: <c>alloc_contig_range</c>.</summary>
    /// <param name="start">First page frame.</param>
    /// <param name="end">First page frame behind the range.</param>
    /// <returns>0, or <see cref="Errno.Busy"/> when a block is isolated by somebody else or a page is not free.
    /// </returns>
    /// <remarks>Context: takes <c>pcp->lock</c> and <see cref="Lock"/>, many times. The blocks are movable afterwards,
    /// whatever happened; the pages are the caller's one by one. Deviation: pages in use are not migrated, so the range
    /// must be free or in per-CPU lists.</remarks>
    public long AllocContigRange<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        cpu.Enter("alloc_contig_range", start, end);
        long error = StartIsolatePageRange(cpu, start, end, MigrateType.Movable);
        if (error == 0)
        {
            DrainAllPages(cpu);
            error = TakeIsolated(cpu, start, end);
            UndoIsolatePageRange(cpu, start, end, MigrateType.Movable);
        }

        cpu.Leave(error);
        return error;
    }

    /// <summary>Gives the pages of a range back one by one: <c>free_contig_range</c>.</summary>
    /// <param name="start">First page frame.</param>
    /// <param name="end">First page frame behind the range.</param>
    /// <remarks>Context: as <see cref="FreePages"/>.</remarks>
    public void FreeContigRange<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        for (long pfn = start; pfn < end; pfn++)
        {
            FreePages(cpu, pfn, 0);
        }
    }

    private long TakeIsolated<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        // Without the lock: what is free and isolated leaves its list only by the hand of who isolated it. A head that
        // belongs to somebody else's range may go all the same; then a page is found not to be free below.
        long outerStart = FindLargeBuddy(cpu, start);
        if (!ArePagesIsolated(cpu, outerStart, end))
        {
            return Errno.Busy;
        }

        long outerEnd = IsolateFreepagesRange(cpu, outerStart, end);
        if (outerEnd < end)
        {
            FreeContigRange(cpu, outerStart, outerEnd);
            return Errno.Busy;
        }

        FreeContigRange(cpu, outerStart, start);
        FreeContigRange(cpu, end, outerEnd);
        return 0;
    }

    // isolate_freepages_range: the lock is dropped between blocks. Returns where it stopped.
    private long IsolateFreepagesRange<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        long pfn = start;
        bool areFree = true;
        while (pfn < end && areFree)
        {
            long blockEnd = BlockStart(pfn) + BlockPages;
            Lock.AcquireIrq(cpu);
            while (pfn < blockEnd && areFree)
            {
                Page page = Map.PageAt(pfn);
                areFree = page.IsBuddy(cpu);
                pfn += areFree ? TakeAsSinglePages(cpu, pfn, page.Order(cpu)) : 0;
            }

            Lock.ReleaseIrq(cpu);
        }

        return pfn;
    }

    // __isolate_free_page, then what split_map_pages does: each page has a count of its own. Returns their number.
    private long TakeAsSinglePages<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        TakeFromFreeList(cpu, pfn, order, TypeOf(cpu, pfn));
        for (long page = pfn; page < pfn + (1L << order); page++)
        {
            Map.PageAt(page).Prepare(cpu, isMovable: true);
        }

        return 1L << order;
    }
}
