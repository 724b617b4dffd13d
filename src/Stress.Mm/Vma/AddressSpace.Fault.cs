using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The page fault: <c>do_user_addr_fault</c> for a write, x86, v6.12.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Handles a write fault: <c>do_user_addr_fault</c>.</summary>
    /// <returns>0 or bits of <see cref="VmFault"/>.</returns>
    public uint Fault<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("do_user_addr_fault", (long)address);
        VmAreaStruct<TLayout> vma = LockVmaUnderRcu(cpu, address);
        uint fault = vma.Address != 0 ? FaultUnderVmaLock(cpu, vma, address) : VmFault.Retry;
        if ((fault & VmFault.Retry) != 0)
        {
            fault = FaultUnderMmapLock(cpu, address);
        }

        cpu.Leave(fault);
        return fault;
    }

    private uint FaultUnderVmaLock<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, ulong address)
        where TCpu : struct, ICpu
    {
        uint fault = VmFault.Sigsegv;
        if ((cpu.Read(vma.VmFlags) & VmFlag.Write) != 0)
        {
            fault = HandleMmFault(cpu, vma, address, isVmaLocked: true);
        }

        // Retry and Completed say that the lock is gone already.
        if ((fault & (VmFault.Retry | VmFault.Completed)) == 0)
        {
            VmaEndRead(cpu, vma);
        }

        VmEvents events = VmEvents.OfThisCpu(cpu);
        VmEvents.Count(cpu, (fault & VmFault.Retry) == 0 ? events.VmaLockSuccess : events.VmaLockRetry);
        return fault;
    }

    private uint FaultUnderMmapLock<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        MmapReadLock(cpu);
        VmAreaStruct<TLayout> vma = LookupVma(cpu, address);
        uint fault = VmFault.Sigsegv;
        if (vma.Address != 0 && (cpu.Read(vma.VmFlags) & VmFlag.Write) != 0)
        {
            fault = HandleMmFault(cpu, vma, address, isVmaLocked: false);
        }

        MmapReadUnlock(cpu);
        return fault;
    }

    /// <summary>Gives an address a page that may be written: <c>handle_mm_fault</c>.</summary>
    /// <param name="isVmaLocked">Whether the VMA is locked for reading, and not mmap_lock.</param>
    /// <returns>0 or bits of <see cref="VmFault"/>.</returns>
    public uint HandleMmFault<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, ulong address, bool isVmaLocked)
        where TCpu : struct, ICpu
    {
        cpu.Enter("handle_mm_fault", (long)address);
        uint fault = VmFault.Sigbus;

        // vma_has_recency: what the LRU will make of the page.
        bool hasRecency = (cpu.Read(vma.VmFlags) & VmFlag.NoRecency) == 0 && cpu.Read(vma.VmFile) == 0;
        if (cpu.Read(vma.VmOps) == 0)
        {
            // handle_pte_fault: without the lock first, for which table exists and what the entry holds.
            ulong entry = ReadEntry(cpu, address);
            fault = (entry & Pte.Present) == 0 ? DoAnonymousPage(cpu, vma, address, isVmaLocked, hasRecency)
                : Pte.IsWritable(entry) ? 0
                : DoWpPage(cpu, vma, address, entry, isVmaLocked);
        }

        cpu.Leave(fault);
        return fault;
    }

    // pte_offset_map_nolock, ptep_get_lockless
    private ulong ReadEntry<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        AtomicPtr pmd = new PageDirectory(cpu.Read(Mm.Pgd)).Entry(address);
        cpu.RcuReadLock();
        PageTable table = new(cpu.Dereference(pmd));
        ulong entry = table.Address == 0 ? 0 : cpu.ReadOnce(table.Entry(address));
        cpu.RcuReadUnlock();
        return entry;
    }

    // do_anonymous_page
    private uint DoAnonymousPage<TCpu>(
        TCpu cpu, VmAreaStruct<TLayout> vma, ulong address, bool isVmaLocked, bool hasRecency)
        where TCpu : struct, ICpu
    {
        if ((cpu.Read(vma.VmFlags) & VmFlag.Shared) != 0)
        {
            return VmFault.Sigbus;
        }

        if (!AllocTable(cpu, address))
        {
            return VmFault.Oom;
        }

        uint prepared = VmfAnonPrepare(cpu, vma, isVmaLocked);
        if (prepared != 0)
        {
            return prepared;
        }

        Folio folio = AllocFolio(cpu, vma, hasRecency);
        if (folio.Address == 0)
        {
            return VmFault.Oom;
        }

        ulong entry = Pte.Of(folio.Address, cpu.Read(vma.VmPageProt));
        PageTable table = LockTable(cpu, address);
        if (table.Address == 0)
        {
            folio.Put(cpu);
            return 0;
        }

        uint fault = MmIsStable(cpu) ? 0 : VmFault.Sigbus;
        bool isFirst = cpu.ReadOnce(table.Entry(address)) == 0;
        if (isFirst && fault == 0 && (cpu.Read(vma.VmFlags) & VmFlag.UffdMissing) == 0)
        {
            Mm.AnonRss.Add(cpu, 1);
            AddNewAnonRmap(cpu, vma, folio, address);
            cpu.WriteOnce(table.Entry(address), entry);
            UnlockTable(cpu, table);
            return 0;
        }

        // Somebody else was faster, or it is not ours to fill.
        UnlockTable(cpu, table);
        folio.Put(cpu);
        return fault;
    }

    // check_stable_address_space
    private bool MmIsStable<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => (cpu.ReadOnce(Mm.Flags) & MmStruct.Unstable) == 0;

    // alloc_anon_folio; without the charge to a memory control group.
    private static Folio AllocFolio<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, bool hasRecency)
        where TCpu : struct, ICpu
    {
        // vma_alloc_folio asks the VMA's NUMA policy where: here, a policy of its own only makes the page inactive.
        bool isActive = hasRecency && cpu.Read(vma.VmPolicy) == 0;
        Folio folio = new(cpu.Alloc(Folio.Cache));
        if (folio.Address != 0)
        {
            cpu.Write(folio.RefCount, 1);
            cpu.Write(folio.Flags, Folio.Uptodate | (isActive ? Folio.Active : 0));

            // __folio_mark_uptodate: the zeroed content is visible before the page is.
            cpu.WriteFence();
        }

        return folio;
    }

    // folio_add_new_anon_rmap
    private static void AddNewAnonRmap<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, Folio folio, ulong address)
        where TCpu : struct, ICpu
    {
        nint anonVma = cpu.ReadOnce(vma.AnonVma);
        cpu.BugOn(anonVma == 0, "BUG_ON(!anon_vma)");
        cpu.WriteOnce(folio.MapCount, 1);
        cpu.Write(folio.Mapping, anonVma | Folio.MappingAnon);
        ulong index = ((address - cpu.Read(vma.VmStart)) / Pte.PageBytes) + cpu.Read(vma.VmPgoff);
        cpu.Write(folio.Index, index);
    }
}
