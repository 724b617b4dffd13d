using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The beginning and the end of an address space.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Makes an empty address space with one user: <c>mm_alloc</c>.</summary>
    /// <returns>Address 0 without memory.</returns>
    public static MmStruct Make<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MmStruct made = new(cpu.Alloc(MmStruct.Cache));
        PageDirectory directory = new(made.Address == 0 ? 0 : cpu.Alloc(PageDirectory.Cache));
        nint counters = directory.Address == 0 ? 0 : cpu.Alloc(RssParts.CacheFor(cpu.CpuCount));
        if (counters == 0)
        {
            if (directory.Address != 0)
            {
                cpu.Free(PageDirectory.Cache, directory.Address);
            }

            if (made.Address != 0)
            {
                cpu.Free(MmStruct.Cache, made.Address);
            }

            return default;
        }

        cpu.BugOn(cpu.CpuCount > MaxCpus, "the resident set is counted for 256 CPUs");
        made.MmapLock.Initialize(cpu);
        made.PageTableLock.Initialize(cpu);
        made.AnonRss.Initialize(cpu, counters, BatchOf(cpu.CpuCount));
        cpu.Write(made.Pgd, directory.Address);
        cpu.Write(made.TaskSize, PageDirectory.TaskSize);
        cpu.Write(made.MmUsers, 1);
        cpu.Write(made.MmCount, 1);
        return made;
    }

    // percpu_counter_batch
    private static int BatchOf(int cpus) => cpus > 16 ? 2 * cpus : 32;

    /// <summary>Gives up one user: <c>mmput</c>. The last one takes everything apart.</summary>
    public void Exit<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("mmput");
        if (cpu.FetchAdd(Mm.MmUsers, -1) == 1)
        {
            ExitMmap(cpu);
            Drop(cpu);
        }

        cpu.Leave();
    }

    // exit_mmap: the pages under mmap_lock for reading, the tables and VMAs for writing.
    private void ExitMmap<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MmapReadLock(cpu);
        ZapRange(cpu, 0, PageDirectory.TaskSize);
        MmapReadUnlock(cpu);
        MmapWriteLock(cpu);
        MapleNode tree = Tree(cpu);
        int removed = 0;
        VmAreaStruct<TLayout> vma = FindVma(cpu, 0);
        while (vma.Address != 0)
        {
            ulong end = cpu.Read(vma.VmEnd);
            UnlinkAnonVma(cpu, vma);

            // Unreachable, so that no grace period is needed.
            VmaReclaim<TLayout>.VmAreaFree(cpu, vma);
            removed++;
            vma = FindVma(cpu, end);
        }

        FreeTables(cpu, 0, ulong.MaxValue, 0, PageDirectory.TaskSize);
        cpu.BugOn(removed != cpu.Read(Mm.MapCount), "BUG_ON(count != mm->map_count)");
        if (tree.Address != 0)
        {
            cpu.Write(Mm.MaRoot, (nint)0);
            cpu.Free(MapleNode.Cache, tree.Address);
        }

        MmapWriteUnlock(cpu);
    }

    // mmdrop, __mmdrop, check_mm
    private void Drop<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.FetchAdd(Mm.MmCount, -1) != 1)
        {
            return;
        }

        cpu.WarnOn(Mm.AnonRss.Sum(cpu) != 0, "BUG: Bad rss-counter state");
        cpu.WarnOn(cpu.ReadOnce(Mm.PgtablesBytes) != 0, "BUG: non-zero pgtables_bytes on freeing mm");
        cpu.Free(PageDirectory.Cache, cpu.Read(Mm.Pgd));
        cpu.Free(RssParts.CacheFor(cpu.CpuCount), cpu.Read(Mm.AnonRss.Counters));
        cpu.Free(MmStruct.Cache, mm);
    }
}

/// <summary>The per-CPU parts of the counted resident set: 4 bytes for each CPU, each on a line of its own.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by         read by
///      0   4096  First  its own CPU        whoever sums
/// </code>
/// Of more than 64 CPUs there are 256 of them.
/// </remarks>
public readonly struct RssParts(nint at) : IHandle
{
    private const int Stride = 64;
    private const int FewCpus = 64;
    private const int ManyCpus = 256;

    private static readonly SlabCache s_few = CacheOf(FewCpus);
    private static readonly SlabCache s_many = CacheOf(ManyCpus);

    /// <inheritdoc/>
    public static int Bytes => FewCpus * Stride;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The part of CPU 0; the others follow at 64 bytes.</summary>
    public AtomicS32 First => new(at);

    /// <summary>Where those of so many CPUs come from: an explored run has few, and should not have to clear much.
    /// </summary>
    public static SlabCache CacheFor(int cpus) => cpus <= FewCpus ? s_few : s_many;

    private static SlabCache CacheOf(int cpus) => SlabCache.For<RssParts>(
        "percpu_rss", SlabOptions.Zeroed | SlabOptions.CacheLineAligned, cpus * Stride);
}
