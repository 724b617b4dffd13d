using Stress.Machine;

namespace Stress.Mm.Faults;

/// <content>The LRU lists.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    // folio_add_lru: into the CPU's batch, which goes to the lists when it is full.
    private void AddToLru<TCpu>(TCpu cpu, FaultPage page) where TCpu : struct, ICpu
    {
        FaultCpu own = FaultCpu.Of(cpu, cpu.Id);
        cpu.FetchAddRelaxed(page.RefCount, 1);
        cpu.PreemptDisable();
        int count = cpu.Read(own.BatchCount);
        cpu.Write(own.Batch(count), page.Address);
        cpu.Write(own.BatchCount, (byte)(count + 1));
        if (count + 1 == TRule.LruBatch)
        {
            MoveBatch(cpu, own);
        }

        cpu.PreemptEnable();
    }

    // folio_batch_move_lru. Context: preemption off.
    private void MoveBatch<TCpu>(TCpu cpu, FaultCpu own) where TCpu : struct, ICpu
    {
        int count = cpu.Read(own.BatchCount);
        cpu.Enter("folio_batch_move_lru", count);

        // folio_lruvec_relock_irqsave: the lock of the folio's group and node, which is the same for all of them here.
        FaultNode node = OwnNode(cpu);
        if (TRule.AddsUnderLock)
        {
            node.Lruvec.LruLock.AcquireIrq(cpu);
        }

        for (int i = 0; i < count; i++)
        {
            AddFolio(cpu, node, new(cpu.Read(own.Batch(i))));
        }

        if (TRule.AddsUnderLock)
        {
            node.Lruvec.LruLock.ReleaseIrq(cpu);
        }

        // folios_put: the references of the batch.
        for (int i = 0; i < count; i++)
        {
            cpu.FetchAdd(new FaultPage(cpu.Read(own.Batch(i))).RefCount, -1);
        }

        cpu.Write(own.BatchCount, (byte)0);
        cpu.Leave();
    }

    // lru_add, lruvec_add_folio, update_lru_size
    private static void AddFolio<TCpu>(TCpu cpu, FaultNode node, FaultPage page) where TCpu : struct, ICpu
    {
        cpu.BugOn(cpu.Read(page.MemcgData) == 0, "a page without a charge goes to an LRU list");
        ulong flags = cpu.Read(page.Flags);
        cpu.Write(page.Flags, flags | FaultPage.OnLru);
        FaultLruvec lruvec = node.Lruvec;
        cpu.Write(lruvec.NrAnon, cpu.Read(lruvec.NrAnon) + 1);
        node.LruAnon.ModUnsafe(cpu, 1);
        if ((flags & FaultPage.Active) != 0)
        {
            lruvec.ActiveAnon.AddAfter(cpu, page.Lru);
        }
        else
        {
            lruvec.InactiveAnon.AddAfter(cpu, page.Lru);
        }
    }

    // lru_add_drain
    private void DrainLru<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        FaultCpu own = FaultCpu.Of(cpu, cpu.Id);
        cpu.PreemptDisable();
        if (cpu.Read(own.BatchCount) > 0)
        {
            MoveBatch(cpu, own);
        }

        cpu.PreemptEnable();
    }
}
