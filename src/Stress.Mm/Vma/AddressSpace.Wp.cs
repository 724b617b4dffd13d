using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>Copy on write, and the write that user space makes.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Writes the first word of a page as user space does, faulting as often as it takes.</summary>
    /// <returns>Whether it was written: false where nothing is mapped that may be written.</returns>
    /// <remarks>Deviation: the processor's walk and its store are made one by the lock of the page table, which
    /// stands in for the TLB flush that changes of the entry wait for.</remarks>
    public bool UserWrite<TCpu>(TCpu cpu, ulong address, ulong value) where TCpu : struct, ICpu
    {
        cpu.Enter("user_write", (long)address, (long)value);
        while (!StoreIfWritable(cpu, address, value))
        {
            if (Fault(cpu, address) != 0)
            {
                cpu.Leave(0);
                return false;
            }
        }

        cpu.Leave(1);
        return true;
    }

    private bool StoreIfWritable<TCpu>(TCpu cpu, ulong address, ulong value) where TCpu : struct, ICpu
    {
        PageTable table = LockTable(cpu, address);
        if (table.Address == 0)
        {
            return false;
        }

        ulong entry = cpu.ReadOnce(table.Entry(address));
        bool isWritable = Pte.IsWritable(entry);
        if (isWritable)
        {
            cpu.Write(new Folio(Pte.Folio(entry)).Content, value);
        }

        UnlockTable(cpu, table);
        return isWritable;
    }

    // do_wp_page: a page of our own is made writable, a shared one is copied.
    private uint DoWpPage<TCpu>(
        TCpu cpu, VmAreaStruct<TLayout> vma, ulong address, ulong seen, bool isVmaLocked)
        where TCpu : struct, ICpu
    {
        PageTable table = LockTable(cpu, address);
        if (table.Address == 0)
        {
            return 0;
        }

        Folio folio = new(Pte.Folio(seen));
        bool isSame = cpu.ReadOnce(table.Entry(address)) == seen;
        if (isSame && cpu.ReadOnce(folio.RefCount) != 1)
        {
            // The reference keeps the page while it is copied without the lock.
            cpu.FetchAddRelaxed(folio.RefCount, 1);
            UnlockTable(cpu, table);
            return WpPageCopy(cpu, vma, address, seen, isVmaLocked);
        }

        if (isSame)
        {
            cpu.WriteOnce(table.Entry(address), seen | Pte.Writable);
        }

        UnlockTable(cpu, table);
        return 0;
    }

    // wp_page_copy
    private uint WpPageCopy<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, ulong address, ulong seen, bool isVmaLocked)
        where TCpu : struct, ICpu
    {
        Folio old = new(Pte.Folio(seen));
        uint prepared = VmfAnonPrepare(cpu, vma, isVmaLocked);
        if (prepared != 0)
        {
            old.Put(cpu);
            return prepared;
        }

        Folio copy = AllocFolio(cpu, vma, hasRecency: true);
        if (copy.Address == 0)
        {
            old.Put(cpu);
            return VmFault.Oom;
        }

        cpu.Write(copy.Content, cpu.Read(old.Content));
        Folio spare = copy;
        PageTable table = LockTable(cpu, address);
        if (table.Address != 0)
        {
            if (cpu.ReadOnce(table.Entry(address)) == seen)
            {
                AddNewAnonRmap(cpu, vma, copy, address);
                cpu.WriteOnce(table.Entry(address), Pte.Of(copy.Address, Pte.Writable));
                cpu.FetchAddRelaxed(old.MapCount, -1);
                spare = old;
            }

            UnlockTable(cpu, table);
        }

        // One reference was the entry's, or the copy's own; the other was ours.
        spare.Put(cpu);
        old.Put(cpu);
        return 0;
    }
}
