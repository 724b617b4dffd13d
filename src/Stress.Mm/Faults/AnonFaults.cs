using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <summary>First touches of pages of one private anonymous mapping by many threads, under the lock of its VMA.</summary>
/// <remarks>
/// What pft does: one mapping, untouched, cut into a slice for each thread; each thread touches one page after the other.
/// Every touch is a minor fault on the same VMA. The order of steps, and what each touches, is that of
/// do_user_addr_fault, lock_vma_under_rcu, handle_mm_fault and do_anonymous_page in v6.12, with a memory control group
/// two levels deep. A slice is one page table of pages; once it is full it is unmapped and begins again.
/// Not modelled: KASLR, NUMA balancing, huge pages, swap, reclaim, userfaultfd, a zone's lists by order and type.
/// Constant: a CPU's list is filled by 63 pages at a time, its growth since v6.7 is left out; a difference of 125 pages
/// goes to a zone's counter.
/// </remarks>
/// <param name="root">Address of the <see cref="FaultBlock"/>.</param>
public readonly partial struct AnonFaults<TLayout, TRule>(nint root)
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IFaultRule
{
    /// <summary>Pages that a CPU takes from the zone at once (<c>pcp->batch</c>).</summary>
    public const int PcpBatch = 63;

    /// <summary>Pages charged at once (<c>MEMCG_CHARGE_BATCH</c>).</summary>
    public const int ChargeBatch = 64;

    private const int StatThreshold = 125;

    /// <summary>Where everything is.</summary>
    public FaultBlock Block => new(root);

    private AddressSpace<TLayout, V612> Space<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(cpu.Read(Block.Mm), root);

    private FaultSlice Slice<TCpu>(TCpu cpu) where TCpu : struct, ICpu => new(cpu.Read(Block.Slice(cpu.Task)));

    private NumaNode Node<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(cpu.Read(Block.Node(FaultBlock.NodeOf(cpu.Id))));

    /// <summary>Touches the next page of the running task's slice; when the slice is full, it is unmapped first.</summary>
    public void Touch<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        FaultSlice slice = Slice(cpu);
        long page = cpu.Read(slice.Next);
        if (page == PteTable.Entries)
        {
            Unmap(cpu, slice, FaultCpu.In(cpu.PerCpu(cpu.Id)), Node(cpu));
            page = 0;
        }

        Fault(cpu, slice, page);
        cpu.Write(slice.Next, page + 1);
    }

    // do_user_addr_fault
    private void Fault<TCpu>(TCpu cpu, FaultSlice slice, long page) where TCpu : struct, ICpu
    {
        ulong address = (((ulong)cpu.Task * PteTable.Entries) + (ulong)page) * Pte.PageBytes;
        cpu.Enter("do_user_addr_fault", (long)address);
        AddressSpace<TLayout, V612> space = Space(cpu);
        VmAreaStruct<TLayout> vma = space.LockVmaUnderRcu(cpu, address);
        cpu.BugOn(vma.Address == 0, "nobody writes, so the VMA can be locked");
        cpu.BugOn((cpu.Read(vma.VmFlags) & VmFlag.Write) == 0, "the mapping is writable");
        HandleMmFault(cpu, space.Mm, vma, slice, page);
        space.VmaEndRead(cpu, vma);
        VmEvents.Count(cpu, VmEvents.OfThisCpu(cpu).VmaLockSuccess);
        cpu.Leave();
    }

    private void HandleMmFault<TCpu>(
        TCpu cpu, MmStruct mm, VmAreaStruct<TLayout> vma, FaultSlice slice, long page)
        where TCpu : struct, ICpu
    {
        cpu.Enter("handle_mm_fault");
        FaultCpu own = FaultCpu.In(cpu.PerCpu(cpu.Id));

        // count_vm_event, count_memcg_event_mm. Relaxed: statistics of this CPU.
        cpu.FetchAddRelaxed(own.PgFault, 1ul);
        MemCgroup memcg = MemcgOf(cpu, mm);
        cpu.FetchAddRelaxed(own.MemcgPgFault, 1ul);

        // vma_has_recency: what the LRU will make of the page.
        bool hasRecency = (cpu.Read(vma.VmFlags) & VmFlag.NoRecency) == 0 && cpu.Read(vma.VmFile) == 0;

        // __handle_mm_fault: the upper levels, then handle_pte_fault.
        UpperTables upper = new(cpu.Read(mm.Pgd));
        cpu.BugOn(cpu.Read(upper.Pgd) == 0 || cpu.Read(upper.Pud) == 0, "the upper tables exist");
        if (cpu.Dereference(slice.Pmd) == 0)
        {
            PteAlloc(cpu, mm, slice);
        }

        if (cpu.Read(vma.VmOps) == 0)
        {
            DoAnonymousPage(cpu, mm, vma, slice, page, memcg, hasRecency);
        }

        cpu.Leave();
    }

    // get_mem_cgroup_from_mm, as count_memcg_event_mm does it
    private static MemCgroup MemcgOf<TCpu>(TCpu cpu, MmStruct mm) where TCpu : struct, ICpu
    {
        OwnerTask owner = new(cpu.Read(mm.Owner));
        return new(cpu.Read(new OwnerTask(cpu.Read(owner.Cgroups)).Subsys));
    }

    // __pte_alloc
    private static void PteAlloc<TCpu>(TCpu cpu, MmStruct mm, FaultSlice slice) where TCpu : struct, ICpu
    {
        cpu.Enter("__pte_alloc");
        PteTable table = new(cpu.Alloc(PteTable.Cache));
        cpu.BugOn(table.Address == 0, "there is memory for a page table");
        cpu.ClearPage(0);
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

    private void DoAnonymousPage<TCpu>(
        TCpu cpu, MmStruct mm, VmAreaStruct<TLayout> vma, FaultSlice slice, long page, MemCgroup memcg, bool hasRecency)
        where TCpu : struct, ICpu
    {
        cpu.Enter("do_anonymous_page");

        // vmf_anon_prepare
        nint anonVma = cpu.ReadOnce(vma.AnonVma);
        cpu.BugOn(anonVma == 0, "the mapping has its anon_vma");

        // vma_alloc_folio asks the VMA's policy where.
        bool isActive = hasRecency && cpu.Read(vma.VmPolicy) == 0;
        PageFrame frame = AllocPage(cpu);
        cpu.ClearPage(cpu.Read(slice.Data));
        Charge(cpu, memcg);
        cpu.Write(frame.Memcg, memcg.Address);
        cpu.Write(frame.Flags, Folio.Uptodate | (isActive ? Folio.Active : 0));

        // __folio_mark_uptodate: the zeroed content is visible before the page is.
        cpu.WriteFence();

        // pte_offset_map_lock
        PteTable table = new(cpu.Dereference(slice.Pmd));
        table.Lock.Acquire(cpu);
        cpu.BugOn(cpu.ReadOnce(table.Entry(page)) != 0, "nobody else touches the slice");

        // check_stable_address_space
        cpu.BugOn((cpu.ReadOnce(mm.Flags) & MmStruct.Unstable) != 0, "the address space is stable");
        mm.AnonRss.Add(cpu, 1);
        AddNewAnonRmap(cpu, vma, frame, anonVma, (ulong)page);
        AddToLru(cpu, frame);
        cpu.WriteOnce(table.Entry(page), Pte.Of(frame.Address, cpu.Read(vma.VmPageProt)));
        table.Lock.Release(cpu);
        cpu.Leave();
    }

    // folio_add_new_anon_rmap, and its count by __lruvec_stat_mod_folio
    private static void AddNewAnonRmap<TCpu>(
        TCpu cpu, VmAreaStruct<TLayout> vma, PageFrame frame, nint anonVma, ulong page)
        where TCpu : struct, ICpu
    {
        cpu.WriteOnce(frame.MapCount, 1);
        cpu.Write(frame.Mapping, anonVma | Folio.MappingAnon);
        cpu.Write(frame.Index, page - (cpu.Read(vma.VmStart) / Pte.PageBytes) + cpu.Read(vma.VmPgoff));
        cpu.FetchAddRelaxed(FaultCpu.In(cpu.PerCpu(cpu.Id)).AnonMapped, 1);
    }
}
