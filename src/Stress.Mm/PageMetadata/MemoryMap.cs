using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <summary>The memory map of the machine, what may change it, and the counters of the pages that it takes.</summary>
/// <typeparam name="TModel">Where the map lies.</typeparam>
/// <typeparam name="TRule">The version of the accounting.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                          read by
///      0     40  HotplugLock    -                                   -
///     40     40  MmapLock       -                                   -
///     80      4  PageTableLock  -                                   -
///     84      4  HugetlbLock    -                                   -
///     88      4  OptimizeKey    whoever optimises, atomically       -
///     96      8  NrMemmap       anybody, atomically                 anybody
///    104      8  NrMemmapBoot   anybody, atomically                 anybody
///    128     64  Rcu            -                                   -
///    192    384  Section        2 of <see cref="MemSection"/>
///    576   4352  Node           2 of <see cref="PageNode"/>
/// </code>
/// Order: HotplugLock; then MmapLock, read, and PageTableLock in it; HugetlbLock and zone.lock are leaves.
/// Deviations: HotplugLock is a per-CPU rw_semaphore in the kernel; sections come and go as a whole. A load through the
/// virtual memory map is a read section of RCU, and a flush of the TLB is a grace period: after it, no CPU is in the
/// middle of a load through an older entry.
/// Not modelled: subsections of a section, maps that lie in the memory that they describe (altmap, memmap_on_memory),
/// huge pages of 1 GiB and their partial progress, the flush after a huge mapping was split (it changes nothing).
/// Source: mm/sparse.c, mm/sparse-vmemmap.c, mm/hugetlb_vmemmap.c, mm/page_ext.c, mm/memory_hotplug.c, v6.12.
/// </remarks>
/// <param name="at">Address of the block.</param>
public readonly partial struct MemoryMap<TModel, TRule>(nint at) : IHandle
    where TModel : struct, IMemoryModel
    where TRule : struct, IMetadataRule
{
    /// <summary>How many sections there may be.</summary>
    public const int Sections = 2;

    /// <inheritdoc/>
    public static int Bytes => 576 + (PageNode.Count * PageNode.Bytes);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Keeps memory from coming and going (<c>mem_hotplug_lock</c>).</summary>
    public RwSemaphore HotplugLock => new(at, MemoryMapLocks.Hotplug);

    /// <summary>The kernel's address space (<c>init_mm.mmap_lock</c>).</summary>
    public RwSemaphore MmapLock => new(at + 40, MemoryMapLocks.Mmap);

    /// <summary>Protects the upper levels of the kernel's page table (<c>init_mm.page_table_lock</c>).</summary>
    public QueuedSpinLock PageTableLock => new(at + 80, MemoryMapLocks.PageTable);

    /// <summary>Protects who has a huge page (<c>hugetlb_lock</c>).</summary>
    public QueuedSpinLock HugetlbLock => new(at + 84, HugetlbLocks.Pool);

    /// <summary>How many huge pages are optimised (<c>hugetlb_optimize_vmemmap_key</c>).</summary>
    public AtomicU32 OptimizeKey => new(at + 88);

    /// <summary>Pages from the page allocator (<c>nr_memmap_pages</c>).</summary>
    public AtomicS64 NrMemmap => new(at + 96);

    /// <summary>Pages from memblock (<c>nr_memmap_boot_pages</c>).</summary>
    public AtomicS64 NrMemmapBoot => new(at + 104);

    /// <summary>Grace periods.</summary>
    public Rcu Rcu => new(at + 128);

    /// <summary>A section.</summary>
    /// <param name="section">0 or 1.</param>
    public MemSection Section(int section) => new(at + 192 + (section * MemSection.Bytes));

    /// <summary>A node.</summary>
    /// <param name="node">0 or 1.</param>
    public PageNode Node(int node) => new(at + 576 + (node * PageNode.Bytes));

    /// <summary>Makes a machine without memory that has begun to boot. Its bytes are 0.</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        HotplugLock.Initialize(cpu);
        MmapLock.Initialize(cpu);
        PageTableLock.Initialize(cpu);
        HugetlbLock.Initialize(cpu);
        Rcu.Initialize(cpu);
        cpu.Write(OptimizeKey, 0u);
        cpu.Write(NrMemmap, 0L);
        cpu.Write(NrMemmapBoot, 0L);
        for (int node = 0; node < PageNode.Count; node++)
        {
            Node(node).Initialize(cpu);
        }
    }

    private static int OtherNode(int node) => 1 - node;
}
