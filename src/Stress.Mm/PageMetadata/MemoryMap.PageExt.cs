using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>page_ext of sections: what some features keep for each page besides its struct page.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>Looks a page's entry up, and begins a read section if there is one: <c>page_ext_get</c>.</summary>
    /// <returns>The table; its address is 0, and no section is open, when there is none.</returns>
    public PageBlock PageExtGet<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();

        // Dereference, pairs with the release of OnlinePageExt: the table is seen as it was made.
        nint found = cpu.Dereference(Section(section).PageExt);
        if (found == 0 || (found & MemSection.ExtInvalid) != 0)
        {
            cpu.RcuReadUnlock();
            return new PageBlock(0);
        }

        return new PageBlock(found);
    }

    /// <summary>Ends what <see cref="PageExtGet"/> began: <c>page_ext_put</c>.</summary>
    public static void PageExtPut<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.RcuReadUnlock();

    // online_page_ext, called by MEM_GOING_ONLINE. Context: hotplug lock.
    private long OnlinePageExt<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        cpu.Enter("init_section_page_ext");
        int node = cpu.Read(section.Node);
        PageBlock table = AllocPageExt(cpu, node);
        long error = Errno.NoMemory;
        if (table.Address != 0)
        {
            error = 0;
            int charged = TRule.ChargesWantedNode ? node : table.Node(cpu);
            CountPageExt(cpu, charged, cpu.Read(table.Pages));

            // Release, pairs with the dereference of PageExtGet. The kernel writes plainly.
            cpu.StoreRelease(section.PageExt, table.Address);
        }

        cpu.Leave(error);
        return error;
    }

    // offline_page_ext, called by MEM_OFFLINE. Context: hotplug lock.
    private void OfflinePageExt<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        cpu.Enter("offline_page_ext");
        nint table = cpu.Read(section.PageExt);
        if (TRule.InvalidatesExt)
        {
            // __invalidate_page_ext. Relaxed: the grace period orders it before the free.
            cpu.WriteOnce(section.PageExt, table | MemSection.ExtInvalid);
        }

        if (TRule.WaitsForExtReaders)
        {
            Rcu.Synchronize(cpu);
        }

        // __free_page_ext. Relaxed: there are no readers left.
        cpu.WriteOnce(section.PageExt, 0);
        FreePageExt(cpu, new PageBlock(table));
        cpu.Leave();
    }

    // alloc_page_ext: alloc_pages_exact_nid, then vzalloc_node; both may fall back to another node.
    private PageBlock AllocPageExt<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
    {
        int placed = cpu.Read(Node(node).IsFull) != 0 ? OtherNode(node) : node;
        PageBlock table = PageBlock.Create(cpu, PageBlock.ExtCache, PageFrame.OnNode(placed), SectionSize.ExtPages);
        return table.Address != 0 ? table
            : PageBlock.Create(cpu, PageBlock.ExtCache, PageFrame.OnNode(placed), SectionSize.ExtPages);
    }

    // free_page_ext
    private void FreePageExt<TCpu>(TCpu cpu, PageBlock table) where TCpu : struct, ICpu
    {
        int node = table.Node(cpu);
        long pages = cpu.Read(table.Pages);
        cpu.Free(PageBlock.ExtCache, table.Address);
        Count(cpu, node, -pages);
    }

    // The one place where v4 counts by the safe form.
    private void CountPageExt<TCpu>(TCpu cpu, int node, long pages) where TCpu : struct, ICpu
    {
        if (TRule.CountsByNode)
        {
            CountOnNode(cpu, node, pages, isUnsafe: false);
        }
        else
        {
            Count(cpu, node, pages);
        }
    }
}
