using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>Sections that come and go.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>Adds the memory of a section, offline: <c>add_memory_resource</c>, <c>sparse_add_section</c>.</summary>
    /// <param name="section">0 or 1.</param>
    /// <param name="node">The node that it belongs to.</param>
    /// <returns>0, <see cref="HotplugError.Exists"/>, or <c>-ENOMEM</c>; on errors nothing has changed.</returns>
    public long AddMemory<TCpu>(TCpu cpu, int section, int node) where TCpu : struct, ICpu
    {
        cpu.Enter("add_memory_resource", section, node);
        HotplugLock.DownWrite(cpu);
        long error = SectionActivate(cpu, Section(section), node);
        if (error == 0)
        {
            FinishAdd(cpu, Section(section), node, early: 0);
        }

        HotplugLock.UpWrite(cpu);
        cpu.Leave(error);
        return error;
    }

    /// <summary>Removes the memory of a section: <c>arch_remove_memory</c>, <c>sparse_remove_section</c>.</summary>
    /// <returns>0, <see cref="HotplugError.Busy"/> when it is online, <see cref="HotplugError.Invalid"/> when it is
    /// not there; on errors nothing has changed.</returns>
    public long RemoveMemory<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.Enter("arch_remove_memory", section);
        HotplugLock.DownWrite(cpu);
        MemSection removed = Section(section);

        // Plain: the lock is held for writing.
        ulong memMap = cpu.Read(removed.SectionMemMap);
        long error = (memMap & MemSection.Present) == 0 ? HotplugError.Invalid
            : (memMap & MemSection.Online) != 0 ? HotplugError.Busy : 0;
        if (error == 0)
        {
            SectionDeactivate(cpu, removed);
        }

        HotplugLock.UpWrite(cpu);
        cpu.Leave(error);
        return error;
    }

    // section_activate. Context: hotplug lock.
    private long SectionActivate<TCpu>(TCpu cpu, MemSection section, int node) where TCpu : struct, ICpu
    {
        SectionUsage usage = new(cpu.Read(section.Usage));
        if (usage.Address == 0)
        {
            usage = SectionUsage.Create(cpu, origin: 0);
            if (usage.Address == 0)
            {
                return Errno.NoMemory;
            }

            // Plain: pfn_valid does not look before the section has a map.
            cpu.Write(section.Usage, usage.Address);
        }

        // fill_subsection_map
        if (cpu.Read(usage.SubsectionMap) != 0)
        {
            return HotplugError.Exists;
        }

        // Relaxed: as for Usage.
        cpu.WriteOnce(usage.SubsectionMap, SectionUsage.All);
        if (!Populate(cpu, section, node))
        {
            DropUsage(cpu, section);
            return Errno.NoMemory;
        }

        return 0;
    }

    // The rest of sparse_add_section: the struct pages stay poisoned until the section goes online.
    private static void FinishAdd<TCpu>(TCpu cpu, MemSection section, int node, ulong early)
        where TCpu : struct, ICpu
    {
        cpu.Write(section.Node, node);

        // Release, pairs with the acquire of PfnValid: the bitmap is seen. The kernel writes plainly and relies on
        // nobody asking for memory that he has not been told of.
        cpu.StoreRelease(section.SectionMemMap, MemSection.Present | MemSection.HasMemMap | early);
    }

    // section_deactivate. Context: hotplug lock.
    private void SectionDeactivate<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        ulong memMap = cpu.Read(section.SectionMemMap);

        // First of all: pfn_valid looks at the bitmap only while this is set. Relaxed: the grace period orders it.
        cpu.WriteOnce(section.SectionMemMap, memMap & ~MemSection.HasMemMap);
        DropUsage(cpu, section);
        if ((memMap & MemSection.Early) != 0)
        {
            UncountEarly(cpu, section);
        }
        else
        {
            UncountAdded(cpu, section);
        }

        FreeMap(cpu, section);
        cpu.WriteOnce(section.SectionMemMap, 0ul);
    }

    // clear_subsection_map; the bitmap is freed unless it came from memblock.
    private void DropUsage<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        SectionUsage usage = new(cpu.Read(section.Usage));

        // Relaxed: the grace period orders it.
        cpu.WriteOnce(usage.SubsectionMap, 0ul);
        if ((cpu.Read(usage.Origin) & PageFrame.Reserved) != 0)
        {
            return;
        }

        if (TRule.FreesUsageByRcu)
        {
            // kfree_rcu
            Rcu.Call(cpu, usage.Rcu, SectionUsage.FreeFunction);
            cpu.WriteOnce(section.Usage, 0);
        }
        else
        {
            cpu.Free(SectionUsage.Cache, usage.Address);
            cpu.Write(section.Usage, 0);
        }
    }

    // __populate_section_memmap: a block for the whole section.
    private bool Populate<TCpu>(TCpu cpu, MemSection section, int node) where TCpu : struct, ICpu
    {
        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            PageFrame page = AllocPage(cpu, node, isThisNode: false);
            if (page.Address == 0)
            {
                FreeBlock(cpu, section, i);
                return false;
            }

            cpu.Write(section.Leaf(i), page.Address);
        }

        cpu.Write(section.Pmd, MemSection.HugeMapping);
        if (TModel.IsVmemmap || TRule.CountsPlainHotplug)
        {
            int charged = TRule.ChargesWantedNode ? node : new PageFrame(cpu.Read(section.Leaf(0))).Node(cpu);
            Count(cpu, charged, SectionSize.MapPages);
        }

        return true;
    }

    private void FreeBlock<TCpu>(TCpu cpu, MemSection section, int pages) where TCpu : struct, ICpu
    {
        for (int i = 0; i < pages; i++)
        {
            FreePage(cpu, new PageFrame(cpu.Read(section.Leaf(i))));
        }
    }

    // In depopulate_section_memmap.
    private void UncountAdded<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        if (!TModel.IsVmemmap && !TRule.CountsPlainHotplug)
        {
            return;
        }

        PageFrame head = PageAt(cpu, section, 0);

        // page_pgdat(pfn_to_page(pfn)): the struct page of the memory that goes, and not of the page that it lies in.
        int node = TRule.ReadsNodeOfRemoved ? PageFrame.NodeOf(cpu, cpu.Read(head.First)) : head.Node(cpu);
        Count(cpu, node, -SectionSize.MapPages);
    }

    // In section_deactivate, in front of free_map_bootmem.
    private void UncountEarly<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        if (!TRule.SubtractsEarly)
        {
            return;
        }

        if (!TRule.SubtractsByOrigin)
        {
            CountBoot(cpu, cpu.Read(section.Node), -SectionSize.MapPages);
            return;
        }

        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            CountPage(cpu, PageAt(cpu, section, i), -1);
        }
    }

    // vmemmap_free. Context: every huge page of the section has a whole map.
    private void FreeMap<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            FreePage(cpu, PageAt(cpu, section, i));
        }

        nint pmd = cpu.Read(section.Pmd);
        cpu.WriteOnce(section.Pmd, 0);
        if (pmd != MemSection.HugeMapping)
        {
            cpu.Free(PteTable.Cache, pmd);
        }
    }
}
