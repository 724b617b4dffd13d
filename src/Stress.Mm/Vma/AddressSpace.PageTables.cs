using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The page tables of the address space.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Finds the table of an address and locks it: <c>pte_offset_map_lock</c>.</summary>
    /// <param name="subclass">1 for the second of two tables, 0 otherwise.</param>
    /// <returns>Address 0, and nothing held, when there is none.</returns>
    /// <remarks>Ends with <see cref="UnlockTable"/>; in between it is an RCU read section.</remarks>
    private PageTable LockTable<TCpu>(TCpu cpu, ulong address, int subclass = 0) where TCpu : struct, ICpu
    {
        AtomicPtr pmd = new PageDirectory(cpu.Read(Mm.Pgd)).Entry(address);
        while (true)
        {
            // The section keeps a table that is being taken out until we have looked again.
            cpu.RcuReadLock();
            PageTable table = new(cpu.Dereference(pmd));
            if (table.Address == 0)
            {
                cpu.RcuReadUnlock();
                return table;
            }

            table.Lock.Acquire(cpu, subclass);
            if (cpu.ReadOnce(pmd) == table.Address)
            {
                return table;
            }

            table.Lock.Release(cpu);
            cpu.RcuReadUnlock();
        }
    }

    // pte_unmap_unlock
    private static void UnlockTable<TCpu>(TCpu cpu, PageTable table) where TCpu : struct, ICpu
    {
        table.Lock.Release(cpu);
        cpu.RcuReadUnlock();
    }

    /// <summary>Makes sure that an address has a table: <c>pte_alloc</c>.</summary>
    /// <returns>False without memory.</returns>
    /// <remarks>Deviation: under page_table_lock, not under the split lock of the level above.</remarks>
    private bool AllocTable<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        AtomicPtr pmd = new PageDirectory(cpu.Read(Mm.Pgd)).Entry(address);
        if (cpu.ReadOnce(pmd) != 0)
        {
            return true;
        }

        PageTable table = new(cpu.Alloc(PageTable.Cache));
        if (table.Address == 0)
        {
            return false;
        }

        table.Lock.Initialize(cpu);
        Mm.PageTableLock.Acquire(cpu);
        bool isFirst = cpu.ReadOnce(pmd) == 0;
        if (isFirst)
        {
            // Relaxed: a counter that exit reads, after all others have left.
            cpu.FetchAddRelaxed(Mm.PgtablesBytes, (long)Pte.PageBytes);

            // Orders the zeroed table before its publication; pairs with the Dereference in LockTable.
            cpu.WriteFence();
            cpu.WriteOnce(pmd, table.Address);
        }

        Mm.PageTableLock.Release(cpu);
        if (!isFirst)
        {
            cpu.Free(PageTable.Cache, table.Address);
        }

        return true;
    }

    /// <summary>Frees the tables of [start, end) that lie in [first, last] as a whole: <c>free_pgd_range</c>.</summary>
    /// <remarks>Context: no fault can reach the range.</remarks>
    private void FreeTables<TCpu>(TCpu cpu, ulong first, ulong last, ulong start, ulong end) where TCpu : struct, ICpu
    {
        PageDirectory directory = new(cpu.Read(Mm.Pgd));
        for (ulong at = start / PageTable.Span * PageTable.Span; at < end; at += PageTable.Span)
        {
            nint table = at >= first && at + PageTable.Span - 1 <= last ? cpu.ReadOnce(directory.Entry(at)) : 0;
            if (table != 0)
            {
                cpu.WriteOnce(directory.Entry(at), (nint)0);
                cpu.FetchAddRelaxed(Mm.PgtablesBytes, -(long)Pte.PageBytes);
                Rcu.Call(cpu, new PageTable(table).PtRcu, VmaReclaim<TLayout>.FreeTable);
            }
        }
    }

    /// <summary>Unmaps the pages of a range: <c>unmap_vmas</c>.</summary>
    /// <remarks>Pages are freed once their table is unlocked, from a batch on the task's stack.</remarks>
    private void ZapRange<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        ulong at = start;
        while (at < end)
        {
            ulong behind = (at / PageTable.Span * PageTable.Span) + PageTable.Span;
            ZapTable(cpu, at, behind < end ? behind : end);
            at = behind;
        }
    }

    // zap_pte_range
    private void ZapTable<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        PageTable table = LockTable(cpu, start);
        if (table.Address == 0)
        {
            return;
        }

        nint batch = cpu.Current.Scratch;
        int freed = 0;
        for (ulong at = start; at < end; at += Pte.PageBytes)
        {
            ulong entry = cpu.ReadOnce(table.Entry(at));
            if ((entry & Pte.Present) != 0)
            {
                Folio folio = new(Pte.Folio(cpu.ExchangeRelaxed(table.Entry(at), 0ul)));
                cpu.FetchAddRelaxed(folio.MapCount, -1);
                cpu.Write(new PlainPtr(batch + (8 * freed)), folio.Address);
                freed++;
            }
        }

        if (freed != 0)
        {
            Mm.AnonRss.Add(cpu, -freed);
        }

        UnlockTable(cpu, table);
        for (int i = 0; i < freed; i++)
        {
            new Folio(cpu.Read(new PlainPtr(batch + (8 * i)))).Put(cpu);
        }
    }
}
