using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <content>Pages: the CPU's list, the charge, and the LRU list.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    // get_page_from_freelist and rmqueue_pcplist
    private PageFrame AllocPage<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        NumaNode node = Node(cpu);

        // zone_watermark_fast. Relaxed: the count is never exact.
        cpu.BugOn(cpu.ReadOnce(node.NrFreePages) < cpu.Read(node.Watermark), "there is memory");
        FaultCpu own = FaultCpu.In(cpu.PerCpu(cpu.Id));
        own.PcpLock.Acquire(cpu);
        int count = cpu.Read(own.PcpCount);
        if (count == 0)
        {
            count = Refill(cpu, node, own);
        }

        nint link = cpu.Read(own.PcpList.Next);
        new ListHead(link).Delete(cpu);
        cpu.Write(own.PcpCount, count - 1);
        own.PcpLock.Release(cpu);

        // prep_new_page
        PageFrame frame = PageFrame.OfLru(link);
        cpu.WriteOnce(frame.RefCount, 1);
        return frame;
    }

    // rmqueue_bulk
    private static int Refill<TCpu>(TCpu cpu, NumaNode node, FaultCpu own) where TCpu : struct, ICpu
    {
        cpu.Enter("rmqueue_bulk");
        if (TRule.RefillsUnderLock)
        {
            node.Lock.AcquireIrq(cpu);
        }

        long free = cpu.Read(node.NrFree);
        int taken = 0;
        while (taken < PcpBatch && taken < free)
        {
            ListHead link = new(cpu.Read(node.FreeList.Next));
            link.Delete(cpu);
            own.PcpList.AddBefore(cpu, link);
            taken++;
        }

        cpu.BugOn(taken == 0, "the node has free pages");
        cpu.Write(node.NrFree, free - taken);
        CountFree(cpu, node, own, -taken);
        if (TRule.RefillsUnderLock)
        {
            node.Lock.ReleaseIrq(cpu);
        }

        cpu.Leave(taken);
        return taken;
    }

    // __mod_zone_page_state: the zone's counter hears of it when the CPU's difference is too large.
    private static void CountFree<TCpu>(TCpu cpu, NumaNode node, FaultCpu own, int change) where TCpu : struct, ICpu
    {
        int diff = cpu.Read(own.ZoneDiff) + change;
        if (diff > StatThreshold || diff < -StatThreshold)
        {
            cpu.FetchAddRelaxed(node.NrFreePages, (long)diff);
            diff = 0;
        }

        cpu.Write(own.ZoneDiff, diff);
    }

    // mem_cgroup_charge: from the CPU's stock; a new batch of it is charged at every level.
    private static void Charge<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        FaultCpu own = FaultCpu.In(cpu.PerCpu(cpu.Id));
        int stock = cpu.Read(own.StockPages);
        if (stock > 0 && cpu.Read(own.StockMemcg) == memcg.Address)
        {
            cpu.Write(own.StockPages, stock - 1);
            return;
        }

        cpu.Enter("try_charge_memcg");
        MemCgroup level = memcg;
        while (level.Address != 0)
        {
            // page_counter_try_charge
            long usage = cpu.FetchAdd(level.Usage, (long)ChargeBatch) + ChargeBatch;
            cpu.BugOn(usage > cpu.Read(level.Max), "the limit is far away");
            level = new(cpu.Read(level.Parent));
        }

        cpu.Write(own.StockMemcg, memcg.Address);
        cpu.Write(own.StockPages, stock + ChargeBatch - (TRule.CountsPageAtHand ? 1 : 0));
        cpu.Leave();
    }

    // folio_add_lru_vma: into the CPU's batch, which goes to the list when it is full.
    private void AddToLru<TCpu>(TCpu cpu, PageFrame frame) where TCpu : struct, ICpu
    {
        FaultCpu own = FaultCpu.In(cpu.PerCpu(cpu.Id));
        cpu.FetchAddRelaxed(frame.RefCount, 1);
        int count = cpu.Read(own.BatchCount);
        cpu.Write(own.Batch(count), frame.Address);
        count++;
        cpu.Write(own.BatchCount, count);
        if (count == FaultCpu.BatchSize)
        {
            DrainBatch(cpu, own, Node(cpu), count);
        }
    }

    // folio_batch_move_lru
    private static void DrainBatch<TCpu>(TCpu cpu, FaultCpu own, NumaNode node, int count) where TCpu : struct, ICpu
    {
        cpu.Enter("folio_batch_move_lru", count);
        if (TRule.AddsUnderLock)
        {
            node.LruLock.AcquireIrq(cpu);
        }

        for (int i = 0; i < count; i++)
        {
            PageFrame frame = new(cpu.Read(own.Batch(i)));
            node.LruList.AddAfter(cpu, frame.Lru);
            cpu.Write(node.NrLru, cpu.Read(node.NrLru) + 1);
        }

        if (TRule.AddsUnderLock)
        {
            node.LruLock.ReleaseIrq(cpu);
        }

        // folios_put: the batch's references.
        for (int i = 0; i < count; i++)
        {
            cpu.FetchAddRelaxed(new PageFrame(cpu.Read(own.Batch(i))).RefCount, -1);
        }

        cpu.Write(own.BatchCount, 0);
        cpu.Leave();
    }
}
