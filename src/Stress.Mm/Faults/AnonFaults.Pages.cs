using System;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <content>Pages: the CPU's list, the zone, and the charge.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    /// <summary>The operation that gives the machine more memory: no part of what is measured.</summary>
    public const string GrowOperation = "add_memory";

    // per_cpu_pages.high_max of a zone of 64 GiB with 28 CPUs: an eighth of it, shared by them.
    private const int PcpHighMax = 74898;

    // get_page_from_freelist, rmqueue, rmqueue_pcplist
    private FaultPage AllocPage<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        FaultNode node = OwnNode(cpu);
        FaultZone zone = node.Zone;

        // zone_watermark_fast. Relaxed: the count is never exact. The mark is as low as that can make it, so being below
        // it means that pages were lost.
        cpu.BugOn(cpu.ReadOnce(zone.FreePages.Node) < cpu.Read(zone.WatermarkLow), "the zone is below its watermark");
        cpu.BugOn(cpu.Read(zone.PerCpuPageset) == 0, "the zone has no lists for its CPUs");
        FaultCpu own = FaultCpu.Of(cpu, cpu.Id);
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

        // __count_zid_vm_events, zone_statistics. Relaxed: statistics of this CPU.
        cpu.FetchAddRelaxed(own.PgAlloc, 1ul);
        cpu.FetchAddRelaxed(own.NumaHit, 1ul);

        // prep_new_page
        FaultPage page = FaultPage.OfLru(link);
        cpu.BugOn(cpu.ReadOnce(page.RefCount) != 0, "a free page has references");
        cpu.WriteOnce(page.RefCount, 1);
        return page;
    }

    // nr_pcp_alloc, v6.7 and later: twice as many each time, while nothing is freed in between.
    private static int BatchOf<TCpu>(TCpu cpu, FaultCpu own) where TCpu : struct, ICpu
    {
        int factor = cpu.Read(own.AllocFactor);
        int first = cpu.Read(own.PcpBatch);
        int batch = first << factor;

        // per_cpu_pages.high_min: four batches at least.
        int high = Math.Min(Math.Clamp(cpu.Read(own.PcpHigh), 4 * first, PcpHighMax) + batch, PcpHighMax);
        cpu.Write(own.PcpHigh, high);
        int most = Math.Max(high - cpu.Read(own.PcpCount) - first, first);
        if (batch <= most && factor < TRule.PcpScaleMax)
        {
            cpu.Write(own.AllocFactor, (byte)(factor + 1));
        }

        return Math.Min(batch, most);
    }

    // rmqueue_bulk
    private static int Refill<TCpu>(TCpu cpu, FaultNode node, FaultCpu own) where TCpu : struct, ICpu
    {
        int wanted = BatchOf(cpu, own);
        cpu.Enter("rmqueue_bulk", wanted);
        FaultZone zone = node.Zone;
        if (TRule.RefillsUnderLock)
        {
            zone.Lock.AcquireIrq(cpu);
        }

        Grow(cpu, node, wanted);
        for (int taken = 0; taken < wanted; taken++)
        {
            ListHead link = new(cpu.Read(zone.FreeList.Next));
            cpu.BugOn(link.Address == zone.FreeList.Address, "a counted free page is not in the list");
            link.Delete(cpu);
            own.PcpList.AddBefore(cpu, link);

            // account_freepages
            cpu.Write(zone.NrFree, cpu.Read(zone.NrFree) - 1);
            zone.FreePages.ModUnsafe(cpu, -1);
        }

        if (TRule.RefillsUnderLock)
        {
            zone.Lock.ReleaseIrq(cpu);
        }

        cpu.Write(own.PcpCount, wanted);
        cpu.Leave(wanted);
        return wanted;
    }

    // Memory comes as it is needed, so that a short run need not make what a long one with many CPUs wants.
    private static void Grow<TCpu>(TCpu cpu, FaultNode node, int wanted) where TCpu : struct, ICpu
    {
        FaultZone zone = node.Zone;
        long missing = wanted - cpu.Read(zone.NrFree);
        if (missing <= 0)
        {
            return;
        }

        cpu.Enter(GrowOperation, missing);
        AddPages(cpu, node, (int)missing);
        cpu.Leave();
    }

    private static void AddPages<TCpu>(TCpu cpu, FaultNode node, int count) where TCpu : struct, ICpu
    {
        FaultZone zone = node.Zone;
        for (int i = 0; i < count; i++)
        {
            FaultPage page = new(cpu.Alloc(FaultPage.Cache));
            cpu.Write(page.Flags, FaultPage.FlagsOf((int)cpu.Read(zone.PerCpuPageset) - 1));
            zone.FreeList.AddBefore(cpu, page.Lru);
        }

        cpu.Write(zone.NrFree, cpu.Read(zone.NrFree) + count);
        cpu.Write(zone.Managed, cpu.Read(zone.Managed) + count);

        // Relaxed: counters order nothing.
        cpu.FetchAddRelaxed(zone.FreePages.Node, (long)count);
        cpu.FetchAddRelaxed(zone.FreePages.Global, (long)count);
    }

    private static void MakeContent<TCpu>(TCpu cpu, FaultSlice slice, long page) where TCpu : struct, ICpu
    {
        if (cpu.Read(slice.Content(page)) != 0)
        {
            return;
        }

        cpu.Enter(GrowOperation, 1);
        cpu.Write(slice.Content(page), cpu.Alloc(PageContent.Cache));
        cpu.Leave();
    }

    // mem_cgroup_charge: from the CPU's stock, and where that is empty a batch at every level.
    private static void Charge<TCpu>(TCpu cpu, FaultMemcg memcg, FaultPage page) where TCpu : struct, ICpu
    {
        FaultCpu own = FaultCpu.Of(cpu, cpu.Id);
        if (!ConsumeStock(cpu, own, memcg))
        {
            cpu.Enter("try_charge_memcg", TRule.ChargeBatch);
            for (FaultMemcg level = memcg; level.Address != 0; level = new(cpu.Read(level.Parent)))
            {
                // page_counter_try_charge
                long usage = cpu.FetchAdd(level.Usage, (long)TRule.ChargeBatch) + TRule.ChargeBatch;
                cpu.BugOn(usage > cpu.Read(level.Max), "the limit of the memory control group is reached");
            }

            RefillStock(cpu, own, memcg, TRule.ChargeBatch - (TRule.ChargesPageAtHand ? 1 : 0));
            cpu.Leave();
        }

        cpu.Write(page.MemcgData, memcg.Address);
    }

    // consume_stock
    private static bool ConsumeStock<TCpu>(TCpu cpu, FaultCpu own, FaultMemcg memcg) where TCpu : struct, ICpu
    {
        cpu.IrqDisable();
        int stock = cpu.Read(own.StockPages);
        bool isPaid = stock > 0 && cpu.Read(own.StockMemcg) == memcg.Address;
        if (isPaid)
        {
            cpu.Write(own.StockPages, stock - 1);
        }

        cpu.IrqEnable();
        return isPaid;
    }

    // refill_stock; there is one group only, so the stock is never another's.
    private static void RefillStock<TCpu>(TCpu cpu, FaultCpu own, FaultMemcg memcg, int pages)
        where TCpu : struct, ICpu
    {
        cpu.IrqDisable();
        cpu.Write(own.StockMemcg, memcg.Address);
        cpu.Write(own.StockPages, cpu.Read(own.StockPages) + pages);
        cpu.IrqEnable();
    }
}
