using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>Sections that go online and offline. All their memory is huge pages, free in the pool.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>Puts a section to use: <c>online_pages</c>.</summary>
    /// <returns>0, <c>-ENOMEM</c>, or <see cref="HotplugError.Invalid"/>; on errors nothing has changed.</returns>
    public long OnlinePages<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.Enter("online_pages", section);
        HotplugLock.DownWrite(cpu);
        MemSection added = Section(section);
        ulong memMap = cpu.Read(added.SectionMemMap);
        long error = HotplugError.Invalid;
        if ((memMap & (MemSection.Present | MemSection.Online)) == MemSection.Present)
        {
            InitializeMap(cpu, added);
            error = OnlinePageExt(cpu, added);
        }

        if (error == 0)
        {
            // Relaxed: the folios are handed out under hugetlb_lock.
            cpu.WriteOnce(added.SectionMemMap, memMap | MemSection.Online);
            for (int folio = 0; folio < SectionSize.Folios; folio++)
            {
                SetFolioState(cpu, section, folio, MemSection.Free);
            }
        }
        else if (error == Errno.NoMemory)
        {
            PoisonMap(cpu, added);
        }

        HotplugLock.UpWrite(cpu);
        cpu.Leave(error);
        return error;
    }

    /// <summary>Takes a section out of use: <c>offline_pages</c>.</summary>
    /// <returns>0, <see cref="HotplugError.Busy"/> when somebody has a huge page of it, <c>-ENOMEM</c> when the map of
    /// one cannot be made whole, <see cref="HotplugError.Invalid"/> when it is not online. On errors it stays online;
    /// a map that was restored before stays whole.</returns>
    public long OfflinePages<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.Enter("offline_pages", section);
        HotplugLock.DownWrite(cpu);
        MemSection gone = Section(section);
        ulong memMap = cpu.Read(gone.SectionMemMap);
        long error = (memMap & MemSection.Online) != 0 ? DissolveFolios(cpu, section) : HotplugError.Invalid;
        if (error == 0)
        {
            // Relaxed: who looks at the memory keeps it by the hotplug lock.
            cpu.WriteOnce(gone.SectionMemMap, memMap & ~MemSection.Online);
            OfflinePageExt(cpu, gone);
            PoisonMap(cpu, gone);
        }

        HotplugLock.UpWrite(cpu);
        cpu.Leave(error);
        return error;
    }

    // dissolve_free_hugetlb_folios: none is left in the pool, and all maps are whole.
    private long DissolveFolios<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        for (int folio = 0; folio < SectionSize.Folios; folio++)
        {
            long error = HotplugError.Busy;
            if (TakeFolio(cpu, section, folio))
            {
                error = RestoreFolio(cpu, section, folio);
                if (error != 0)
                {
                    PutFolio(cpu, section, folio);
                }
            }

            if (error != 0)
            {
                // Deviation: what was dissolved before stays plain free memory in the kernel.
                PutFolios(cpu, section, folio);
                return error;
            }
        }

        for (int folio = 0; folio < SectionSize.Folios; folio++)
        {
            SetFolioState(cpu, section, folio, MemSection.Absent);
        }

        return 0;
    }

    private void PutFolios<TCpu>(TCpu cpu, int section, int count) where TCpu : struct, ICpu
    {
        for (int folio = 0; folio < count; folio++)
        {
            PutFolio(cpu, section, folio);
        }
    }

    // move_pfn_range_to_zone, and the huge pages that are made of the range. Context: nobody looks at the map.
    private static void InitializeMap<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        ulong node = PageFrame.OnNode(cpu.Read(section.Node));
        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            bool isHead = i % SectionSize.FolioMapPages == 0;
            PageAt(cpu, section, i).Fill(cpu, node | (isHead ? PageFrame.Head : PageFrame.Tail), node | PageFrame.Tail);
        }
    }

    // page_init_poison, in remove_pfn_range_from_zone. Context: nobody looks at the map.
    private static void PoisonMap<TCpu>(TCpu cpu, MemSection section) where TCpu : struct, ICpu
    {
        for (int i = 0; i < SectionSize.MapPages; i++)
        {
            PageAt(cpu, section, i).Fill(cpu, PageFrame.Poison, PageFrame.Poison);
        }
    }
}
