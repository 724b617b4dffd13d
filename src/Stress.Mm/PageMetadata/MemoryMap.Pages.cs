using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>The pages of a map: where they come from and go to.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    // alloc_pages_node: from another node when the wanted one is full, unless it must be that one (__GFP_THISNODE).
    private PageFrame AllocPage<TCpu>(TCpu cpu, int node, bool isThisNode) where TCpu : struct, ICpu
    {
        if (cpu.Read(Node(node).IsFull) != 0)
        {
            if (isThisNode)
            {
                return new PageFrame(0);
            }

            node = OtherNode(node);
        }

        return MakePage(cpu, PageFrame.OnNode(node));
    }

    private static PageFrame MakePage<TCpu>(TCpu cpu, ulong flags) where TCpu : struct, ICpu
    {
        PageFrame page = new(cpu.Alloc(PageFrame.Cache));
        if (page.Address != 0)
        {
            cpu.Write(page.Flags, flags);
            page.Fill(cpu, PageFrame.Poison, PageFrame.Poison);
        }

        return page;
    }

    // __free_page; for a page of memblock free_bootmem_page, which makes it one of the page allocator's.
    private void FreePage<TCpu>(TCpu cpu, PageFrame page) where TCpu : struct, ICpu
    {
        ulong flags = cpu.Read(page.Flags);
        int node = PageFrame.NodeOf(cpu, flags);
        if ((flags & PageFrame.Reserved) != 0)
        {
            cpu.Write(page.Flags, flags & ~PageFrame.Reserved);
        }

        Node(node).FreePage(cpu, page);
    }

    // Frees a page and takes it out of the count: free_vmemmap_page.
    private void FreeVmemmapPage<TCpu>(TCpu cpu, PageFrame page) where TCpu : struct, ICpu
    {
        if (TRule.ReadsNodeAfterFree)
        {
            FreePage(cpu, page);
            Count(cpu, page.Node(cpu), -1);
            return;
        }

        CountPage(cpu, page, -1);
        FreePage(cpu, page);
    }

    // Counts a page by what it says of itself.
    private void CountPage<TCpu>(TCpu cpu, PageFrame page, long pages) where TCpu : struct, ICpu
    {
        ulong flags = cpu.Read(page.Flags);
        int node = PageFrame.NodeOf(cpu, flags);
        if ((flags & PageFrame.Reserved) != 0)
        {
            CountBoot(cpu, node, pages);
        }
        else
        {
            Count(cpu, node, pages);
        }
    }

    // free_vmemmap_page_list
    private void FreeVmemmapPages<TCpu>(TCpu cpu, ListHead pages) where TCpu : struct, ICpu
    {
        nint page = cpu.Read(pages.Next);
        while (page != pages.Address)
        {
            nint next = cpu.Read(new ListHead(page).Next);
            FreeVmemmapPage(cpu, new PageFrame(page));
            page = next;
        }

        pages.Initialize(cpu);
    }

    // The page behind a place of a section's map.
    private static PageFrame PageAt<TCpu>(TCpu cpu, MemSection section, int index) where TCpu : struct, ICpu
    {
        // Dereference, pairs with the write fence before a table is published: its entries are seen.
        nint pmd = cpu.Dereference(section.Pmd);
        return pmd == MemSection.HugeMapping
            ? new PageFrame(cpu.Read(section.Leaf(index)))
            // Dereference, pairs with the write fence before an entry is set: what the page holds is seen.
            : PteTable.PageOf(cpu.Dereference(new PteTable(pmd).Pte(index)));
    }
}
