using System;
using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>The per-CPU lists in front of the buddies.</content>
public readonly partial struct Zone<TRule, TSize>
{
    // pcp_allowed_order, and never more than a pageblock, so that each page has one type.
    private static int MaxPcpOrder => Math.Min(PerCpuPages.Orders - 1, TSize.PageblockOrder);

    /// <summary>Takes a page: <c>rmqueue</c>.</summary>
    /// <param name="type">Below <see cref="MigrateType.PcpTypes"/>.</param>
    /// <returns>Its first page frame, or <see cref="NoPage"/>.</returns>
    /// <remarks>Context: tries <c>pcp->lock</c>, and takes <see cref="Lock"/> under it, or alone when it is not to be
    /// had. A page from a per-CPU list may be of a block that has been isolated since.</remarks>
    public long AllocPages<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        cpu.Enter("rmqueue", order, type);
        long pfn = order <= MaxPcpOrder ? RmqueuePcplist(cpu, order, type) : NoPage;
        if (pfn == NoPage)
        {
            pfn = RmqueueBuddy(cpu, order, type);
        }

        if (pfn != NoPage)
        {
            Map.PageAt(pfn).Prepare(cpu, type == MigrateType.Movable);
        }

        cpu.Leave(pfn);
        return pfn;
    }

    /// <summary>Gives a page back: <c>free_unref_page</c>.</summary>
    /// <param name="pfn">First page frame.</param>
    /// <param name="order">As it was allocated, or parts of it, naturally aligned.</param>
    /// <remarks>Context: as <see cref="AllocPages"/>. The type is read without a lock: a page of a block that is
    /// isolated a moment later goes to a per-CPU list all the same.</remarks>
    public void FreePages<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        cpu.Enter("free_unref_page", pfn, order);
        Map.PageAt(pfn).Unprepare(cpu);
        if (order > MaxPcpOrder)
        {
            FreeOnePage(cpu, pfn, order);
            cpu.Leave();
            return;
        }

        int type = TypeOf(cpu, pfn);
        PerCpuPages pcp = Pcp(cpu, cpu.Id);
        if (type == MigrateType.Isolate || !pcp.Lock.TryAcquire(cpu))
        {
            FreeOnePage(cpu, pfn, order);
            cpu.Leave();
            return;
        }

        FreeToPcplist(cpu, pcp, pfn, type < MigrateType.PcpTypes ? type : MigrateType.Movable, order);
        pcp.Lock.Release(cpu);
        cpu.Leave();
    }

    /// <summary>Gives the pages of all per-CPU lists back to the buddies: <c>__drain_all_pages</c>.</summary>
    /// <remarks>Context: takes <c>pcp->lock</c> of one CPU after the other, and <see cref="Lock"/> under it. What is
    /// freed meanwhile may be on a list again when it returns.</remarks>
    public void DrainAllPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("drain_all_pages");
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            PerCpuPages pcp = Pcp(cpu, i);
            int left = 1;
            while (left != 0)
            {
                pcp.Lock.Acquire(cpu);
                left = cpu.Read(pcp.Count);
                if (left != 0)
                {
                    FreePcppagesBulk(cpu, pcp, left, 0);
                    left = cpu.Read(pcp.Count);
                }

                pcp.Lock.Release(cpu);
            }
        }

        cpu.Leave();
    }

    /// <summary>Makes the per-CPU lists keep nothing, and empties them: <c>zone_pcp_disable</c>.</summary>
    /// <remarks>Context: takes <see cref="PcpDisable"/>, until <see cref="EnablePcp"/>. The limits change without
    /// <c>pcp->lock</c>: who read them before holds the lock, and the drain waits for it.</remarks>
    public void DisablePcp<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("zone_pcp_disable");
        PcpDisable.Acquire(cpu);
        SetPcpLimits(cpu, high: 0, batch: 1);
        DrainAllPages(cpu);
        cpu.Leave();
    }

    /// <summary>Ends what <see cref="DisablePcp"/> began: <c>zone_pcp_enable</c>.</summary>
    public void EnablePcp<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("zone_pcp_enable");
        SetPcpLimits(cpu, cpu.Read(PcpHigh), cpu.Read(PcpBatch));
        PcpDisable.Release(cpu);
        cpu.Leave();
    }

    // __zone_set_pageset_high_and_batch. Relaxed: see DisablePcp.
    private void SetPcpLimits<TCpu>(TCpu cpu, int high, int batch) where TCpu : struct, ICpu
    {
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            PerCpuPages pcp = Pcp(cpu, i);
            cpu.WriteOnce(pcp.Batch, batch);
            cpu.WriteOnce(pcp.High, high);
        }
    }

    // rmqueue_pcplist. TryAcquire keeps the task on its CPU, as pcp_trylock_prepare does.
    private long RmqueuePcplist<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        PerCpuPages pcp = Pcp(cpu, cpu.Id);
        if (!pcp.Lock.TryAcquire(cpu))
        {
            return NoPage;
        }

        int index = PerCpuPages.IndexOf(type, order);
        Page page = pcp.PopFirst(cpu, index);
        if (page.Address == 0)
        {
            RmqueueBulk(cpu, pcp, order, type);
            page = pcp.PopFirst(cpu, index);
        }

        pcp.Lock.Release(cpu);
        return page.Address != 0 ? Map.Pfn(page) : NoPage;
    }

    // rmqueue_bulk: a batch under one hold of the lock.
    private void RmqueueBulk<TCpu>(TCpu cpu, PerCpuPages pcp, int order, int type) where TCpu : struct, ICpu
    {
        // Relaxed: while the lists are disabled, one page is fetched to be handed out at once.
        int batch = cpu.ReadOnce(pcp.High) == 0 ? 1 : Math.Max(cpu.ReadOnce(pcp.Batch) >> order, 1);
        Lock.AcquireIrq(cpu);
        for (int i = 0; i < batch; i++)
        {
            long pfn = Rmqueue(cpu, order, type);
            if (pfn == NoPage)
            {
                break;
            }

            pcp.PushLast(cpu, Map.PageAt(pfn), type, order);
        }

        Lock.ReleaseIrq(cpu);
    }

    // free_unref_page_commit
    private void FreeToPcplist<TCpu>(TCpu cpu, PerCpuPages pcp, long pfn, int type, int order)
        where TCpu : struct, ICpu
    {
        pcp.PushFirst(cpu, Map.PageAt(pfn), type, order);
        int count = cpu.Read(pcp.Count);

        // Relaxed: read with pcp->lock held, which whoever changed the limit takes before it relies on the change.
        int high = cpu.ReadOnce(pcp.High);
        if (count >= high)
        {
            int excess = high == 0 ? count : Math.Min(cpu.ReadOnce(pcp.Batch), count);
            FreePcppagesBulk(cpu, pcp, excess, PerCpuPages.IndexOf(type, order));
        }
    }

    // free_pcppages_bulk: the type of each page is read again, under the lock.
    private void FreePcppagesBulk<TCpu>(TCpu cpu, PerCpuPages pcp, int count, int firstIndex)
        where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        int index = firstIndex;
        while (count > 0)
        {
            Page page = pcp.PopLast(cpu, index);
            if (page.Address == 0)
            {
                index = (index + 1) % PerCpuPages.Lists;
                continue;
            }

            int order = PerCpuPages.OrderOf(index);
            long pfn = Map.Pfn(page);
            FreePage(cpu, pfn, order, TypeOf(cpu, pfn), isLast: false);
            count -= 1 << order;
        }

        Lock.ReleaseIrq(cpu);
    }
}
