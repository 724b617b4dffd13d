using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Memory that comes and goes.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Takes free pageblocks away from the allocator: <c>offline_pages</c>.</summary>
    /// <param name="start">First page frame, of a largest buddy, so that no free page reaches over an end.</param>
    /// <param name="end">First page frame behind the range, of a largest buddy.</param>
    /// <returns>0, or <see cref="Errno.Busy"/> when a block is isolated by somebody else or a page is not free.
    /// </returns>
    /// <remarks>Context: takes <see cref="PcpDisable"/>, <c>pcp->lock</c> and <see cref="Lock"/>. The blocks stay of
    /// type ISOLATE, uncounted, and no page of them is free. Deviation: pages in use are not migrated, and it looks
    /// once, where the kernel tries until it is interrupted.</remarks>
    public long OfflinePages<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        cpu.Enter("offline_pages", start, end);
        if (TRule.DisablesPcp)
        {
            DisablePcp(cpu);
        }

        long error = StartIsolatePageRange(cpu, start, end, MigrateType.Movable);
        if (error == 0)
        {
            DrainAllPages(cpu);
            if (ArePagesIsolated(cpu, start, end))
            {
                RemoveIsolated(cpu, start, end);
            }
            else
            {
                UndoIsolatePageRange(cpu, start, end, MigrateType.Movable);
                error = Errno.Busy;
            }
        }

        if (TRule.DisablesPcp)
        {
            EnablePcp(cpu);
        }

        cpu.Leave(error);
        return error;
    }

    /// <summary>Gives pageblocks to the allocator: <c>online_pages</c>.</summary>
    /// <param name="start">First page frame, of a pageblock of type ISOLATE.</param>
    /// <param name="end">First page frame behind the range, of a pageblock.</param>
    /// <remarks>Context: takes <see cref="Lock"/>. Nothing of the range is in use or free. The blocks count as isolated
    /// until their pages are free, so nobody takes one before.</remarks>
    public void OnlinePages<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        cpu.Enter("online_pages", start, end);
        Lock.AcquireIrq(cpu);
        cpu.Write(NrIsolatePageblock, cpu.Read(NrIsolatePageblock) + ((end - start) >> TSize.PageblockOrder));
        Lock.ReleaseIrq(cpu);
        for (long pfn = start; pfn < end; pfn += BlockPages)
        {
            FreeOnePage(cpu, pfn, TSize.PageblockOrder);
        }

        UndoIsolatePageRange(cpu, start, end, MigrateType.Movable);
        cpu.Leave();
    }

    // __offline_isolated_pages, and the end of the blocks' isolation in the zone's count.
    private void RemoveIsolated<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        for (long pfn = start; pfn < end;)
        {
            int order = Map.PageAt(pfn).Order(cpu);
            TakeFromFreeList(cpu, pfn, order, MigrateType.Isolate);
            pfn += 1L << order;
        }

        cpu.Write(NrIsolatePageblock, cpu.Read(NrIsolatePageblock) - ((end - start) >> TSize.PageblockOrder));
        Lock.ReleaseIrq(cpu);
    }
}
