using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <content>Giving the pages of a slice back.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    /// <summary>The operation that unmaps a slice: no part of what is measured.</summary>
    public const string UnmapOperation = "zap_pte_range";

    /// <summary>Unmaps what the running task has touched.</summary>
    public void UnmapOwn<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Unmap(cpu, Slice(cpu));

    // zap_pte_range, what its batch frees, and free_pgtables. All pages of a slice are of its CPU's node. Only the
    // task itself walks the table, so it is freed at once.
    private void Unmap<TCpu>(TCpu cpu, FaultSlice slice) where TCpu : struct, ICpu
    {
        long mapped = cpu.Read(slice.Next);
        if (mapped == 0)
        {
            return;
        }

        cpu.Enter(UnmapOperation, mapped);
        DrainLru(cpu);
        FaultNode node = OwnNode(cpu);
        PteTable table = new(cpu.Dereference(slice.Pmd));
        UnmapPages(cpu, node, table, mapped);
        TakeOffLru(cpu, node, table, mapped);
        Uncharge(cpu, mapped);
        FreePages(cpu, node, table, mapped);
        MmStruct mm = Space(cpu).Mm;
        cpu.WriteOnce(slice.Pmd, (nint)0);
        cpu.FetchAddRelaxed(mm.PgtablesBytes, -(long)Pte.PageBytes);
        cpu.Free(PteTable.Cache, table.Address);
        cpu.Write(slice.Next, 0L);
        cpu.Leave();
    }

    // The entries keep the addresses of their pages until the pages are free.
    private void UnmapPages<TCpu>(TCpu cpu, FaultNode node, PteTable table, long mapped) where TCpu : struct, ICpu
    {
        table.Lock.Acquire(cpu);
        for (long i = 0; i < mapped; i++)
        {
            ulong entry = cpu.FetchAndRelaxed(table.Entry(i), ~(Pte.Present | Pte.Writable));
            cpu.BugOn((entry & Pte.Present) == 0, "a touched page is not mapped");
            FaultPage page = new(Pte.Folio(entry));
            cpu.WriteOnce(page.MapCount, 0);
            node.AnonMapped.ModUnsafe(cpu, -1);
        }

        Space(cpu).Mm.AnonRss.Add(cpu, -mapped);
        table.Lock.Release(cpu);
    }

    // __page_cache_release
    private static void TakeOffLru<TCpu>(TCpu cpu, FaultNode node, PteTable table, long mapped)
        where TCpu : struct, ICpu
    {
        FaultLruvec lruvec = node.Lruvec;
        lruvec.LruLock.AcquireIrq(cpu);
        for (long i = 0; i < mapped; i++)
        {
            FaultPage page = new(Pte.Folio(cpu.ReadOnce(table.Entry(i))));
            cpu.BugOn((cpu.Read(page.Flags) & FaultPage.OnLru) == 0, "a mapped page is on no LRU list");
            page.Lru.Delete(cpu);
            node.LruAnon.ModUnsafe(cpu, -1);
        }

        cpu.Write(lruvec.NrAnon, cpu.Read(lruvec.NrAnon) - mapped);
        lruvec.LruLock.ReleaseIrq(cpu);
    }

    // uncharge_batch
    private void Uncharge<TCpu>(TCpu cpu, long mapped) where TCpu : struct, ICpu
    {
        for (FaultMemcg level = new(cpu.Read(Block.Memcg)); level.Address != 0; level = new(cpu.Read(level.Parent)))
        {
            cpu.FetchAdd(level.Usage, -mapped);
        }
    }

    // free_pcppages_bulk
    private static void FreePages<TCpu>(TCpu cpu, FaultNode node, PteTable table, long mapped) where TCpu : struct, ICpu
    {
        FaultZone zone = node.Zone;
        zone.Lock.AcquireIrq(cpu);
        for (long i = 0; i < mapped; i++)
        {
            FaultPage page = new(Pte.Folio(cpu.ReadOnce(table.Entry(i))));
            int references = cpu.FetchAdd(page.RefCount, -1);
            cpu.BugOn(references != 1, "somebody else has a reference to a page that is freed");
            cpu.Write(page.MemcgData, (nint)0);
            cpu.Write(page.Mapping, (nint)0);
            cpu.Write(page.Flags, FaultPage.FlagsOf(FaultPage.NodeOf(cpu.Read(page.Flags))));
            zone.FreeList.AddBefore(cpu, page.Lru);
            zone.FreePages.ModUnsafe(cpu, 1);
        }

        cpu.Write(zone.NrFree, cpu.Read(zone.NrFree) + mapped);
        zone.Lock.ReleaseIrq(cpu);
    }
}
