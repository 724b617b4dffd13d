using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <content>What must hold, and the end.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>The main requirement.</summary>
    public const string CountWrong = "counted pages are the pages held";

    /// <summary>The same for pages from the page allocator alone.</summary>
    public const string BuddyWrong = "nr_memmap_pages are the pages held of the page allocator";

    /// <summary>The same for pages from memblock alone.</summary>
    public const string BootWrong = "nr_memmap_boot_pages are the pages held of memblock";

    /// <summary>What holds at all times.</summary>
    public const string Negative = "nr_memmap_pages >= 0 and nr_memmap_boot_pages >= 0";

    /// <summary>Compares the counters with the pages that are there.</summary>
    /// <remarks>Context: no operation is open.</remarks>
    public void Audit<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        (long buddy, long boot) = HeldPages(cpu);
        (long countedBuddy, long countedBoot) = CountedPages(cpu);
        cpu.Require(countedBuddy + countedBoot == buddy + boot, CountWrong);
        if (!TRule.CountsByNode)
        {
            cpu.Require(countedBuddy == buddy, BuddyWrong);
            cpu.Require(countedBoot == boot, BootWrong);
        }
    }

    /// <summary>Requires what holds also while operations are open.</summary>
    public void RequireNoNegative<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(NrMemmap) >= 0 && cpu.ReadOnce(NrMemmapBoot) >= 0, Negative);

    /// <summary>What was counted; all of it as buddy when it is counted by node.</summary>
    /// <remarks>Context: no operation is open.</remarks>
    public (long Buddy, long Boot) CountedPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => TRule.CountsByNode
            ? (Node(0).Counted(cpu) + Node(1).Counted(cpu), 0L)
            : (cpu.ReadOnce(NrMemmap), cpu.ReadOnce(NrMemmapBoot));

    /// <summary>Counts the pages that are there, by their origin.</summary>
    /// <remarks>Context: no operation is open.</remarks>
    public (long Buddy, long Boot) HeldPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long buddy = 0;
        long boot = 0;
        for (int section = 0; section < Sections; section++)
        {
            (long mapBuddy, long mapBoot) = HeldMap(cpu, Section(section));
            buddy += mapBuddy;
            boot += mapBoot;
            nint table = cpu.Read(Section(section).PageExt);
            buddy += table != 0 ? cpu.Read(new PageBlock(table).Pages) : 0;
        }

        for (int node = 0; node < PageNode.Count; node++)
        {
            nint map = cpu.Read(Node(node).MemMap);
            nint ext = cpu.Read(Node(node).PageExt);
            boot += map != 0 ? cpu.Read(new PageBlock(map).Pages) : 0;
            boot += ext != 0 ? cpu.Read(new PageBlock(ext).Pages) : 0;
        }

        return (buddy, boot);
    }

    /// <summary>Gives everything back, uncounted.</summary>
    /// <remarks>Context: nobody else runs.</remarks>
    public void Shutdown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        SectionUsage.RunBatch(cpu, Rcu.TakeAll(cpu));
        for (int section = 0; section < Sections; section++)
        {
            ReleaseSection(cpu, Section(section));
        }

        for (int node = 0; node < PageNode.Count; node++)
        {
            PageNode gone = Node(node);
            gone.OfflineFreePages(cpu);
            gone.RemoveOffline(cpu);
            ReleaseBlock(cpu, PageBlock.MapCache, cpu.Read(gone.MemMap));
            ReleaseBlock(cpu, PageBlock.MapCache, cpu.Read(gone.PageExt));
        }
    }

    private static (long Buddy, long Boot) HeldMap<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        long buddy = 0;
        long boot = 0;
        bool hasMap = cpu.Read(section.Pmd) != 0;
        for (int i = 0; hasMap && i < SectionSize.MapPages; i++)
        {
            PageFrame page = PageAt(cpu, section, i);
            if (IsShared(cpu, section, i))
            {
                continue;
            }

            bool isBoot = (cpu.Read(page.Flags) & PageFrame.Reserved) != 0;
            boot += isBoot ? 1 : 0;
            buddy += isBoot ? 0 : 1;
        }

        return (buddy, boot);
    }

    // Whether it is the head's page of the same huge page, seen again.
    private static bool IsShared<TCpu>(TCpu cpu, MemSection section, int index) where TCpu : struct, ICpu
    {
        int first = index - (index % SectionSize.FolioMapPages);
        return index != first && PageAt(cpu, section, index).Address == PageAt(cpu, section, first).Address;
    }

    private void ReleaseSection<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        if (cpu.Read(section.Pmd) != 0)
        {
            for (int i = SectionSize.MapPages - 1; i >= 0; i--)
            {
                if (!IsShared(cpu, section, i))
                {
                    FreePage(cpu, PageAt(cpu, section, i));
                }
            }

            nint pmd = cpu.Read(section.Pmd);
            if (pmd != MemSection.HugeMapping)
            {
                cpu.Free(PteTable.Cache, pmd);
            }
        }

        ReleaseBlock(cpu, PageBlock.ExtCache, cpu.Read(section.PageExt));
        nint usage = cpu.Read(section.Usage);
        if (usage != 0)
        {
            cpu.Free(SectionUsage.Cache, usage);
        }

        cpu.Write(section.SectionMemMap, 0ul);
        cpu.Write(section.Usage, 0);
        cpu.Write(section.PageExt, 0);
        cpu.Write(section.Pmd, 0);
        for (int folio = 0; folio < SectionSize.Folios; folio++)
        {
            cpu.Write(section.Folio(folio), 0ul);
            cpu.Write(section.FolioState(folio), MemSection.Absent);
        }
    }

    private static void ReleaseBlock<TCpu>(TCpu cpu, SlabCache cache, nint block) where TCpu : struct, ICpu
    {
        if (block != 0)
        {
            cpu.Free(cache, block);
        }
    }
}
