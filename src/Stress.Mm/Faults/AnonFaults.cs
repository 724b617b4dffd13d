using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <summary>First touches of the pages of one private anonymous mapping by many tasks, each under the lock of its VMA:
/// what the benchmark pft does.</summary>
/// <remarks>
/// The mapping is cut into a slice for each task, which touches one page after the other. Every touch is a minor fault
/// on the same VMA, with the steps of <c>do_user_addr_fault</c>, <c>lock_vma_under_rcu</c>, <c>handle_mm_fault</c> and
/// <c>do_anonymous_page</c> in their order of v6.12, on the lines that they touch there, with a memory control group
/// one level below the root. docs/layouts.md has the list.
/// Kept small: a slice is what one page table covers. When it is full, its task unmaps it and begins again
/// (<see cref="UnmapOperation"/>), so a fault is always the first on its page, a table is made every 512 faults, and
/// memory does not depend on the number of faults. The pages go back to the zone and not to the CPU's list, as those of
/// another process would: a list that they went to would never be filled from the zone again, as it is in pft.
/// Not modelled: huge pages, swap, reclaim, NUMA balancing, userfaultfd, the TLB, blocks of more than one page.
/// </remarks>
/// <typeparam name="TLayout">Where the VMA lock is.</typeparam>
/// <typeparam name="TRule">The sizes, or the mutant.</typeparam>
/// <param name="root">Address of the <see cref="FaultBlock"/>.</param>
public readonly partial struct AnonFaults<TLayout, TRule>(nint root)
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IFaultRule
{
    /// <summary>Where everything is.</summary>
    public FaultBlock Block => new(root);

    private AddressSpace<TLayout, V612> Space<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(cpu.Read(Block.Mm), root);

    private FaultNode Node<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu => new(cpu.Read(Block.Node(node)));

    private FaultNode OwnNode<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Node(cpu, cpu.Id % TRule.Nodes);

    private FaultSlice Slice<TCpu>(TCpu cpu) where TCpu : struct, ICpu => new(cpu.Read(Block.Slice(cpu.Task)));

    /// <summary>Touches the next page of the running task's slice; a full slice is unmapped first.</summary>
    public void Touch<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        FaultSlice slice = Slice(cpu);
        long page = cpu.Read(slice.Next);
        if (page == PteTable.Entries)
        {
            Unmap(cpu, slice);
            page = 0;
        }

        MakeContent(cpu, slice, page);
        Fault(cpu, slice, page);
        cpu.Write(slice.Next, page + 1);
        cpu.Write(slice.Touched, cpu.Read(slice.Touched) + 1);
    }

    // do_user_addr_fault. Nobody locks the VMA for writing, so the lookup does not fail.
    private void Fault<TCpu>(TCpu cpu, FaultSlice slice, long page) where TCpu : struct, ICpu
    {
        ulong address = ((ulong)cpu.Task * PteTable.Span) + ((ulong)page * Pte.PageBytes);
        cpu.Enter("do_user_addr_fault", (long)address);
        AddressSpace<TLayout, V612> space = Space(cpu);
        VmAreaStruct<TLayout> vma = space.LockVmaUnderRcu(cpu, address);
        cpu.BugOn(vma.Address == 0, "the VMA of a mapping that nobody changes could not be locked");
        cpu.BugOn((cpu.Read(vma.VmFlags) & VmFlag.Write) == 0, "the mapping is not writable");
        HandleMmFault(cpu, space.Mm, vma, slice, address);
        space.VmaEndRead(cpu, vma);
        VmEvents.Count(cpu, VmEvents.OfThisCpu(cpu).VmaLockSuccess);
        cpu.Leave();
    }

    private void HandleMmFault<TCpu>(
        TCpu cpu, MmStruct mm, VmAreaStruct<TLayout> vma, FaultSlice slice, ulong address)
        where TCpu : struct, ICpu
    {
        cpu.Enter("handle_mm_fault", (long)address);

        // vma_has_recency: what the LRU will make of the page.
        bool hasRecency = (cpu.Read(vma.VmFlags) & VmFlag.NoRecency) == 0 && cpu.Read(vma.VmFile) == 0;

        // __handle_mm_fault: the upper levels; handle_pte_fault: no table yet, or an empty entry.
        UpperTables upper = new(cpu.Read(mm.Pgd));
        cpu.BugOn(cpu.Read(upper.Pgd) == 0 || cpu.Read(upper.Pud) == 0, "the upper page tables are not there");
        PteTable table = new(cpu.Dereference(slice.Pmd));
        bool isEmpty = table.Address == 0 || cpu.ReadOnce(table.Entry(IndexOf(address))) == 0;
        cpu.BugOn(!isEmpty, "the page was mapped before it was touched");
        if (cpu.Read(vma.VmOps) == 0)
        {
            DoAnonymousPage(cpu, mm, vma, slice, address, hasRecency);
        }

        // mm_account_fault. Relaxed: statistics of this CPU.
        FaultCpu own = FaultCpu.Of(cpu, cpu.Id);
        cpu.FetchAddRelaxed(own.PgFault, 1ul);
        cpu.BugOn(MemcgOf(cpu, mm).Address == 0, "the address space has no memory control group");
        cpu.FetchAddRelaxed(own.MemcgPgFault, 1ul);
        cpu.Leave();
    }

    private void DoAnonymousPage<TCpu>(
        TCpu cpu, MmStruct mm, VmAreaStruct<TLayout> vma, FaultSlice slice, ulong address, bool hasRecency)
        where TCpu : struct, ICpu
    {
        cpu.Enter("do_anonymous_page", (long)address);
        cpu.BugOn((cpu.Read(vma.VmFlags) & VmFlag.Shared) != 0, "the mapping is shared");
        PteAlloc(cpu, mm, slice);

        // vmf_anon_prepare: made with the mapping.
        nint anonVma = cpu.ReadOnce(vma.AnonVma);
        cpu.BugOn(anonVma == 0, "BUG_ON(!anon_vma)");

        // alloc_anon_folio: vma_alloc_folio asks the policy of the VMA, clears, and then the page is charged.
        bool isActive = hasRecency && cpu.Read(vma.VmPolicy) == 0;
        FaultPage page = AllocPage(cpu);
        cpu.ClearPage(cpu.Read(slice.Content(IndexOf(address))));
        Charge(cpu, MemcgOf(cpu, mm), page);
        ulong flags = cpu.Read(page.Flags) | FaultPage.Uptodate;
        cpu.Write(page.Flags, isActive ? flags | FaultPage.Active : flags);

        // __folio_mark_uptodate: the cleared content is visible before the page is.
        cpu.WriteFence();
        ulong entry = Pte.Of(page.Address, cpu.Read(vma.VmPageProt));

        // pte_offset_map_lock, vmf_pte_changed, check_stable_address_space, userfaultfd_missing
        PteTable table = new(cpu.Dereference(slice.Pmd));
        table.Lock.Acquire(cpu);
        cpu.BugOn(cpu.ReadOnce(table.Entry(IndexOf(address))) != 0, "somebody else touched the slice");
        cpu.BugOn((cpu.ReadOnce(mm.Flags) & MmStruct.Unstable) != 0, "the address space is being reaped");
        cpu.BugOn((cpu.Read(vma.VmFlags) & VmFlag.UffdMissing) != 0, "a userfaultfd waits for the page");
        mm.AnonRss.Add(cpu, 1);
        AddNewAnonRmap(cpu, vma, page, anonVma, address);
        AddToLru(cpu, page);
        cpu.WriteOnce(table.Entry(IndexOf(address)), entry);
        table.Lock.Release(cpu);
        cpu.Leave();
    }

    private static long IndexOf(ulong address) => (long)(address / Pte.PageBytes % PteTable.Entries);

    // __pte_alloc. Deviation: page_table_lock for all tables, not one for each pmd page.
    private static void PteAlloc<TCpu>(TCpu cpu, MmStruct mm, FaultSlice slice) where TCpu : struct, ICpu
    {
        if (cpu.ReadOnce(slice.Pmd) != 0)
        {
            return;
        }

        cpu.Enter("__pte_alloc");
        PteTable table = new(cpu.Alloc(PteTable.Cache));
        cpu.BugOn(table.Address == 0, "no memory for a page table");
        table.Lock.Initialize(cpu);
        mm.PageTableLock.Acquire(cpu);

        // Relaxed: a counter that exit reads, after all others have left.
        cpu.FetchAddRelaxed(mm.PgtablesBytes, (long)Pte.PageBytes);

        // Orders the zeroed table before its publication; pairs with the Dereference in HandleMmFault.
        cpu.WriteFence();
        cpu.WriteOnce(slice.Pmd, table.Address);
        mm.PageTableLock.Release(cpu);
        cpu.Leave();
    }

    // mem_cgroup_from_task of mm->owner
    private static FaultMemcg MemcgOf<TCpu>(TCpu cpu, MmStruct mm) where TCpu : struct, ICpu
    {
        OwnerTask owner = new(cpu.Read(mm.Owner));
        return new(cpu.Read(new OwnerTask(cpu.Read(owner.Cgroups)).Subsys));
    }

    // folio_add_new_anon_rmap, with the count of __folio_mod_stat; the lock of the table keeps this CPU.
    private void AddNewAnonRmap<TCpu>(
        TCpu cpu, VmAreaStruct<TLayout> vma, FaultPage page, nint anonVma, ulong address)
        where TCpu : struct, ICpu
    {
        cpu.WriteOnce(page.MapCount, 1);
        cpu.Write(page.Mapping, anonVma | Folio.MappingAnon);
        ulong index = ((address - cpu.Read(vma.VmStart)) / Pte.PageBytes) + cpu.Read(vma.VmPgoff);
        cpu.Write(page.Index, index);
        Node(cpu, FaultPage.NodeOf(cpu.Read(page.Flags))).AnonMapped.ModUnsafe(cpu, 1);
    }
}
