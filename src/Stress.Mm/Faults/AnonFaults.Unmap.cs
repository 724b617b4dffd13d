using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <content>Giving the pages of a slice back, so that memory does not grow with the number of faults.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    /// <summary>The operation that unmaps a slice: no part of what is measured.</summary>
    public const string UnmapOperation = "zap_pte_range";

    /// <summary>Unmaps a task's slice.</summary>
    /// <param name="task">Whose: the running task's, or anybody's when nobody else runs.</param>
    public void UnmapSlice<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        FaultSlice slice = new(cpu.Read(Block.Slice(task)));
        if (cpu.Dereference(slice.Pmd) != 0)
        {
            Unmap(cpu, slice, FaultCpu.In(cpu.PerCpu(task)), new(cpu.Read(Block.Node(FaultBlock.NodeOf(task)))));
        }
    }

    // zap_pte_range, then what its batch and free_pgtables do. The pages of a slice are all of its CPU's node.
    private void Unmap<TCpu>(TCpu cpu, FaultSlice slice, FaultCpu own, NumaNode node) where TCpu : struct, ICpu
    {
        cpu.Enter(UnmapOperation);
        int waiting = cpu.Read(own.BatchCount);
        if (waiting > 0)
        {
            // lru_add_drain
            DrainBatch(cpu, own, node, waiting);
        }

        MmStruct mm = Space(cpu).Mm;
        PteTable table = new(cpu.Dereference(slice.Pmd));
        long mapped = cpu.Read(slice.Next);
        table.Lock.Acquire(cpu);
        node.LruLock.AcquireIrq(cpu);
        for (long page = 0; page < mapped; page++)
        {
            PageFrame frame = new(Pte.Folio(cpu.ReadOnce(table.Entry(page))));
            cpu.FetchAddRelaxed(frame.MapCount, -1);
            frame.Lru.Delete(cpu);
        }

        cpu.Write(node.NrLru, cpu.Read(node.NrLru) - mapped);
        node.LruLock.ReleaseIrq(cpu);
        mm.AnonRss.Add(cpu, -mapped);
        Uncharge(cpu, mapped);
        FreePages(cpu, table, own, node, mapped);
        table.Lock.Release(cpu);
        FreeTable(cpu, mm, slice, table);
        cpu.Write(slice.Next, 0L);
        cpu.Leave();
    }

    // free_unref_folios, straight to the zone
    private static void FreePages<TCpu>(TCpu cpu, PteTable table, FaultCpu own, NumaNode node, long count)
        where TCpu : struct, ICpu
    {
        node.Lock.AcquireIrq(cpu);
        for (long page = 0; page < count; page++)
        {
            PageFrame frame = new(Pte.Folio(cpu.ExchangeRelaxed(table.Entry(page), 0ul)));
            cpu.BugOn(cpu.FetchAdd(frame.RefCount, -1) != 1, "nobody else refers to the page");
            node.FreeList.AddAfter(cpu, frame.Lru);
        }

        cpu.Write(node.NrFree, cpu.Read(node.NrFree) + count);
        CountFree(cpu, node, own, (int)count);
        node.Lock.ReleaseIrq(cpu);
    }

    private void Uncharge<TCpu>(TCpu cpu, long pages) where TCpu : struct, ICpu
    {
        MemCgroup level = new(cpu.Read(Block.Memcg));
        while (level.Address != 0)
        {
            cpu.FetchAdd(level.Usage, -pages);
            level = new(cpu.Read(level.Parent));
        }
    }

    private static void FreeTable<TCpu>(TCpu cpu, MmStruct mm, FaultSlice slice, PteTable table)
        where TCpu : struct, ICpu
    {
        mm.PageTableLock.Acquire(cpu);
        cpu.WriteOnce(slice.Pmd, (nint)0);
        cpu.FetchAddRelaxed(mm.PgtablesBytes, -(long)Pte.PageBytes);
        mm.PageTableLock.Release(cpu);
        cpu.Free(PteTable.Cache, table.Address);
    }
}
