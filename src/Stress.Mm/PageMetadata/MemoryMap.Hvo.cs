using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>The optimisation of the map of a huge page: one page of it instead of eight.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>Takes a free huge page out of the pool: <c>remove_hugetlb_folio</c>.</summary>
    /// <returns>Whether it was there and free; it is the caller's then.</returns>
    public bool TakeFolio<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        PlainU32 state = Section(section).FolioState(folio);
        HugetlbLock.AcquireIrq(cpu);
        bool isFree = cpu.Read(state) == MemSection.Free;
        if (isFree)
        {
            cpu.Write(state, MemSection.Taken);
        }

        HugetlbLock.ReleaseIrq(cpu);
        return isFree;
    }

    /// <summary>Puts a huge page into the pool: <c>enqueue_hugetlb_folio</c>.</summary>
    /// <remarks>Context: the huge page is the caller's.</remarks>
    public void PutFolio<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
        => SetFolioState(cpu, section, folio, MemSection.Free);

    /// <summary>Gives back what one page of map can do without: <c>hugetlb_vmemmap_optimize_folio</c>.</summary>
    /// <returns>0, or <c>-ENOMEM</c> with nothing changed.</returns>
    /// <remarks>Context: may sleep; the huge page is the caller's, with no reference.</remarks>
    public long OptimizeFolio<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_vmemmap_optimize_folio", section, folio);
        ListHead pages = new(cpu.Current.Scratch);
        pages.Initialize(cpu);
        long error = OptimizeOne(cpu, section, folio, pages, synchronizes: true, flushes: true);
        FreeVmemmapPages(cpu, pages);
        cpu.Leave(error);
        return error;
    }

    /// <summary>As <see cref="OptimizeFolio"/>, for all of a section: one grace period and one flush for the batch:
    /// <c>hugetlb_vmemmap_optimize_folios</c>.</summary>
    /// <remarks>Context: may sleep; the huge pages are the caller's, with no reference.</remarks>
    public void OptimizeFolios<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_vmemmap_optimize_folios", section);
        ListHead pages = new(cpu.Current.Scratch);
        pages.Initialize(cpu);

        // Without memory for it, the remapping tries again.
        SplitFolio(cpu, section);
        for (int folio = 0; folio < SectionSize.Folios; folio++)
        {
            long error = OptimizeOne(cpu, section, folio, pages, synchronizes: folio == 0, flushes: false);
            if (error == Errno.NoMemory && cpu.Read(pages.Next) != pages.Address)
            {
                // What has been gained so far may be what is lacking.
                FlushTlb(cpu);
                FreeVmemmapPages(cpu, pages);
                OptimizeOne(cpu, section, folio, pages, synchronizes: false, flushes: false);
            }
        }

        FlushTlb(cpu);
        FreeVmemmapPages(cpu, pages);
        cpu.Leave();
    }

    /// <summary>Makes base pages of the huge mapping of a section's map: <c>hugetlb_vmemmap_split_folio</c>.</summary>
    /// <returns>0, or <c>-ENOMEM</c>.</returns>
    public long SplitFolio<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_vmemmap_split_folio", section);
        MmapLock.DownRead(cpu);
        long error = SplitPmd(cpu, Section(section));
        MmapLock.UpRead(cpu);
        cpu.Leave(error);
        return error;
    }

    /// <summary>Makes the map whole again: <c>hugetlb_vmemmap_restore_folio</c>.</summary>
    /// <returns>0, or <c>-ENOMEM</c> with nothing changed.</returns>
    /// <remarks>Context: may sleep; the huge page is the caller's, with no reference.</remarks>
    public long RestoreFolio<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_vmemmap_restore_folio", section, folio);
        long error = 0;
        AtomicU64 flags = Section(section).Folio(folio);

        // Relaxed: the owner alone changes the flag.
        if ((cpu.ReadOnce(flags) & MemSection.Optimized) != 0)
        {
            Rcu.Synchronize(cpu);
            error = RemapAlloc(cpu, Section(section), folio);
            if (error == 0)
            {
                cpu.FetchAndRelaxed(flags, ~MemSection.Optimized);
                cpu.FetchAdd(OptimizeKey, uint.MaxValue);
            }
        }

        cpu.Leave(error);
        return error;
    }

    // __hugetlb_vmemmap_optimize_folio. The pages that are no longer needed are left in the list.
    private long OptimizeOne<TCpu>(
        TCpu cpu, int section, int folio, ListHead pages, bool synchronizes, bool flushes)
        where TCpu : struct, ICpu
    {
        AtomicU64 flags = Section(section).Folio(folio);
        if ((cpu.ReadOnce(flags) & MemSection.Optimized) != 0)
        {
            return 0;
        }

        cpu.FetchAdd(OptimizeKey, 1u);
        if (synchronizes)
        {
            // Whoever tries for a reference in a read section knows from now on that tails may be fake heads.
            Rcu.Synchronize(cpu);
        }

        // Before remapping: whoever sees a page that is shared must also see why.
        cpu.FetchOrRelaxed(flags, MemSection.Optimized);
        long error = RemapFree(cpu, Section(section), folio, pages, flushes);
        if (error != 0)
        {
            cpu.FetchAdd(OptimizeKey, uint.MaxValue);
            cpu.FetchAndRelaxed(flags, ~MemSection.Optimized);
        }

        return error;
    }

    private void SetFolioState<TCpu>(TCpu cpu, int section, int folio, uint state) where TCpu : struct, ICpu
    {
        HugetlbLock.AcquireIrq(cpu);
        cpu.Write(Section(section).FolioState(folio), state);
        HugetlbLock.ReleaseIrq(cpu);
    }
}
