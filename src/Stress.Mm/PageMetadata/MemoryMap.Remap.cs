using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>The page table behind the virtual memory map.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    // vmemmap_remap_free. All that is to be freed is in the list afterwards, the fresh head page too on failure. Under
    // one PMD nothing has been remapped when it fails, so there is nothing to map back.
    private long RemapFree<TCpu>(TCpu cpu, MemSection section, int folio, ListHead pages, bool flushes)
        where TCpu : struct, ICpu
    {
        int first = folio * SectionSize.FolioMapPages;
        PageFrame head = PageAt(cpu, section, first);
        int node = PageFrame.NodeOf(cpu, cpu.Read(head.First));

        // Without a fresh one the old head page stays: it only lies less well.
        PageFrame fresh = AllocPage(cpu, node, isThisNode: true);
        if (fresh.Address != 0)
        {
            fresh.Fill(cpu, cpu.Read(head.First), cpu.Read(head.Rest));
            pages.AddAfter(cpu, fresh.Lru);
        }

        if (fresh.Address != 0 || TRule.CountsMissingHead)
        {
            Count(cpu, node, 1);
        }

        MmapLock.DownRead(cpu);
        long error = SplitPmd(cpu, section);
        if (error == 0)
        {
            RemapPtes(cpu, new PteTable(cpu.Dereference(section.Pmd)), first, fresh, pages);
        }

        MmapLock.UpRead(cpu);
        if (error == 0 && flushes)
        {
            FlushTlb(cpu);
        }

        return error;
    }

    // vmemmap_remap_pte, for the eight of a huge page. Context: mmap_lock read; the huge page is the caller's.
    private static void RemapPtes<TCpu>(TCpu cpu, PteTable table, int first, PageFrame fresh, ListHead pages)
        where TCpu : struct, ICpu
    {
        PageFrame reuse = fresh;
        if (fresh.Address == 0)
        {
            // Relaxed: the owner of the huge page alone changes its entries.
            reuse = PteTable.PageOf(cpu.ReadOnce(table.Pte(first)));
        }
        else
        {
            PageFrame old = PteTable.PageOf(cpu.ReadOnce(table.Pte(first)));
            fresh.Lru.Delete(cpu);

            // Pairs with the dereference of PageAt: the copy is seen before the entry that leads to it.
            cpu.WriteFence();
            pages.AddAfter(cpu, old.Lru);
            cpu.WriteOnce(table.Pte(first), fresh.Address | PteTable.Writable);
        }

        for (int i = first + 1; i < first + SectionSize.FolioMapPages; i++)
        {
            PageFrame old = PteTable.PageOf(cpu.ReadOnce(table.Pte(i)));
            pages.AddAfter(cpu, old.Lru);

            // Read-only, relaxed: after the head's entry only in program order; both pages hold tails that lead there.
            cpu.WriteOnce(table.Pte(i), reuse.Address);
        }
    }

    // vmemmap_split_pmd. Context: mmap_lock read.
    private long SplitPmd<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        PageTableLock.Acquire(cpu);
        nint pmd = cpu.Read(section.Pmd);
        PageTableLock.Release(cpu);
        if (pmd != MemSection.HugeMapping)
        {
            return 0;
        }

        PteTable table = new(cpu.Alloc(PteTable.Cache));
        if (table.Address == 0)
        {
            return Errno.NoMemory;
        }

        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            cpu.Write(table.Pte(i), cpu.Read(section.Leaf(i)) | PteTable.Writable);
        }

        PageTableLock.Acquire(cpu);
        bool isStillHuge = !TRule.RechecksPmd || cpu.Read(section.Pmd) == MemSection.HugeMapping;
        if (isStillHuge)
        {
            // Pairs with the dereference of PageAt: the entries are seen before the table.
            cpu.WriteFence();
            cpu.WriteOnce(section.Pmd, table.Address);
        }

        PageTableLock.Release(cpu);
        if (!isStillHuge)
        {
            // Somebody else was faster.
            cpu.Free(PteTable.Cache, table.Address);
        }

        return 0;
    }

    // vmemmap_remap_alloc
    private long RemapAlloc<TCpu>(TCpu cpu, MemSection section, int folio) where TCpu : struct, ICpu
    {
        int first = folio * SectionSize.FolioMapPages;
        ListHead pages = new(cpu.Current.Scratch);
        pages.Initialize(cpu);
        PageFrame reuse = PageAt(cpu, section, first);
        if (!AllocPages(cpu, PageFrame.NodeOf(cpu, cpu.Read(reuse.First)), pages))
        {
            return Errno.NoMemory;
        }

        MmapLock.DownRead(cpu);
        PteTable table = new(cpu.Dereference(section.Pmd));
        for (int i = first + 1; i < first + SectionSize.FolioMapPages; i++)
        {
            RestorePte(cpu, table.Pte(i), reuse, pages);
        }

        MmapLock.UpRead(cpu);
        FlushTlb(cpu);
        return 0;
    }

    // vmemmap_restore_pte
    private static void RestorePte<TCpu>(TCpu cpu, AtomicPtr pte, PageFrame reuse, ListHead pages)
        where TCpu : struct, ICpu
    {
        cpu.BugOn(
            PteTable.PageOf(cpu.ReadOnce(pte)).Address != reuse.Address,
            "BUG_ON(pte_page(ptep_get(pte)) != walk->reuse_page)");
        PageFrame page = new(cpu.Read(pages.Next));
        page.Lru.Delete(cpu);

        // The copy's first struct page is a head; reset_struct_pages makes a tail of it.
        ulong tail = cpu.Read(reuse.Rest);
        page.Fill(cpu, tail, tail);

        // Pairs with the dereference of PageAt: the copy is seen before the entry that leads to it.
        cpu.WriteFence();
        cpu.WriteOnce(pte, page.Address | PteTable.Writable);
    }

    // alloc_vmemmap_page_list
    private bool AllocPages<TCpu>(TCpu cpu, int node, ListHead pages) where TCpu : struct, ICpu
    {
        const int Wanted = SectionSize.FolioMapPages - 1;
        for (int i = 0; i < Wanted; i++)
        {
            PageFrame page = AllocPage(cpu, node, isThisNode: true);
            if (page.Address == 0)
            {
                FreeUncounted(cpu, pages);
                return false;
            }

            if (TRule.CountsEachRestored)
            {
                Count(cpu, page.Node(cpu), 1);
            }

            pages.AddBefore(cpu, page.Lru);
        }

        if (!TRule.CountsEachRestored)
        {
            // __GFP_THISNODE: the pages are where they were wanted.
            Count(cpu, node, Wanted);
        }

        return true;
    }

    private void FreeUncounted<TCpu>(TCpu cpu, ListHead pages) where TCpu : struct, ICpu
    {
        nint page = cpu.Read(pages.Next);
        while (page != pages.Address)
        {
            nint next = cpu.Read(new ListHead(page).Next);
            FreePage(cpu, new PageFrame(page));
            page = next;
        }
    }

    // flush_tlb_kernel_range, flush_tlb_all: afterwards no load goes through an entry that was replaced before.
    private void FlushTlb<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.FlushesTlb)
        {
            Rcu.Synchronize(cpu);
        }
    }
}
