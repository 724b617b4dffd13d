using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <content>What is set up while the machine boots, in the order in which it is.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>Why a boot without memory ends.</summary>
    public const string BootPanic = "Failed to allocate the memory map";

    /// <summary>Boots: maps, then counters, then per-CPU counters.</summary>
    /// <param name="earlySections">How many sections are there from boot on, each on the node of its number.</param>
    /// <param name="bufferSections">How many of them the buffer of maps is made for.</param>
    /// <param name="threshold">What a per-CPU part may hold: 0 to 125.</param>
    /// <remarks>Context: one task; nobody else runs. After <see cref="Initialize"/>.</remarks>
    public void Boot<TCpu>(TCpu cpu, int earlySections, int bufferSections, sbyte threshold)
        where TCpu : struct, ICpu
    {
        cpu.Enter("start_kernel", earlySections, bufferSections);
        if (!TModel.IsFlat)
        {
            SparseInit(cpu, earlySections, bufferSections);
        }

        // free_area_init: counters whose parts hold nothing back.
        for (int node = 0; node < PageNode.Count; node++)
        {
            Node(node).UseParts(cpu, threshold: 0);
            if (TModel.IsFlat)
            {
                AllocNodeMemMap(cpu, node);
            }
        }

        for (int node = 0; TModel.IsFlat && node < PageNode.Count; node++)
        {
            AllocNodePageExt(cpu, node);
        }

        SetupPerCpuPageset(cpu, threshold);
        for (int section = 0; !TModel.IsFlat && section < earlySections; section++)
        {
            InitializePageExt(cpu, section);
        }

        cpu.Leave();
    }

    // sparse_init, sparse_init_nid
    private void SparseInit<TCpu>(TCpu cpu, int earlySections, int bufferSections) where TCpu : struct, ICpu
    {
        bool countsBuffer = TRule.CountsWholeBuffer && !TModel.IsVmemmap;
        if (countsBuffer)
        {
            // sparse_buffer_init: what it is made for, and not what it is used for.
            CountAtBoot(cpu, 0, (long)bufferSections * SectionSize.MapPages, isEarlySite: true);
        }

        for (int section = 0; section < earlySections; section++)
        {
            PopulateEarly(cpu, Section(section), section);
            if (!countsBuffer)
            {
                CountAtBoot(cpu, section, SectionSize.MapPages, isEarlySite: false);
            }
        }
    }

    // __populate_section_memmap and sparse_init_one_section at boot: from the buffer or from memblock.
    private static void PopulateEarly<TCpu>(TCpu cpu, MemSection section, int node) where TCpu : struct, ICpu
    {
        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            PageFrame page = MakePage(cpu, PageFrame.OnNode(node) | PageFrame.Reserved);
            cpu.BugOn(page.Address == 0, BootPanic);
            cpu.Write(section.Leaf(i), page.Address);
        }

        cpu.Write(section.Pmd, MemSection.HugeMapping);
        SectionUsage usage = SectionUsage.Create(cpu, PageFrame.Reserved);
        cpu.BugOn(usage.Address == 0, BootPanic);
        cpu.Write(usage.SubsectionMap, SectionUsage.All);
        cpu.Write(section.Usage, usage.Address);
        FinishAdd(cpu, section, node, MemSection.Early | MemSection.Online);
        InitializeMap(cpu, section);
    }

    // alloc_node_mem_map
    private void AllocNodeMemMap<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
    {
        PageBlock map = MakeFlat(cpu, node, SectionSize.MapPages);
        cpu.Write(Node(node).MemMap, map.Address);
        CountAtBoot(cpu, node, SectionSize.MapPages, isEarlySite: true);
    }

    // alloc_node_page_ext
    private void AllocNodePageExt<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
    {
        PageBlock table = MakeFlat(cpu, node, SectionSize.ExtPages);
        cpu.Write(Node(node).PageExt, table.Address);
        CountAtBoot(cpu, node, SectionSize.ExtPages, isEarlySite: false);
    }

    private static PageBlock MakeFlat<TCpu>(TCpu cpu, int node, long pages) where TCpu : struct, ICpu
    {
        PageBlock block = PageBlock.Create(
            cpu, PageBlock.MapCache, PageFrame.OnNode(node) | PageFrame.Reserved, pages);
        cpu.BugOn(block.Address == 0, BootPanic);
        return block;
    }

    // setup_per_cpu_pageset, store_early_perpage_metadata
    private void SetupPerCpuPageset<TCpu>(TCpu cpu, sbyte threshold) where TCpu : struct, ICpu
    {
        for (int node = 0; node < PageNode.Count; node++)
        {
            PageNode made = Node(node);
            made.UseParts(cpu, threshold);
            long early = cpu.Read(made.Early);
            cpu.Write(made.Early, 0L);
            if (early != 0)
            {
                CountOnNode(cpu, node, early, TRule.UsesUnsafeForm);
            }
        }
    }

    // page_ext_init: the page allocator runs by now.
    private void InitializePageExt<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.BugOn(OnlinePageExt(cpu, Section(section)) != 0, BootPanic);
        for (int folio = 0; folio < SectionSize.Folios; folio++)
        {
            SetFolioState(cpu, section, folio, MemSection.Free);
        }
    }
}
