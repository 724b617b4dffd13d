using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>One address space: <c>struct mm_struct</c>, v6.10 to v6.12, x86-64.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field               written by                       read by
///      0      4  MmCount             whoever pins the struct          the same; alone on its line
///     64      8  MtLockAndFlags      not used here
///     72      8  MaRoot              holder of mmap_lock for writing  anybody, under RCU
///     80     32  MmapBase…           not used here
///    112      8  TaskSize            before it is published           anybody
///    120      8  Pgd                 before it is published           anybody
///    128      4  MembarrierState     not used here
///    132      4  MmUsers             whoever uses the space           the same
///    136     16  PcpuCid…            not used here
///    152      8  PgtablesBytes       whoever adds or frees a table    exit
///    160      4  MapCount            holder of mmap_lock for writing  the same
///    164      4  PageTableLock       -                                -
///    168     40  MmapLock            -                                -
///    208     16  Mmlist…             not used here
///    224      4  MmLockSeq           holder of mmap_lock for writing  anybody
///    232     80  HiwaterRss…         not used here
///    312     88  StartCode…          not used here
///    400    416  SavedAuxv           not used here
///    816    160  FileRss…            any CPU                          any CPU; 40 bytes each
///    976      8  Binfmt              not used here
///   1120      8  Flags               -                                faults
///   1144      8  Owner               before it is published           faults
/// </code>
/// MmLockSeq, which every fault reads twice, shares its line with the wait list of MmapLock.
/// Behind Binfmt come the architecture's context, of a size that depends on the configuration, and Flags and Owner,
/// where a common distribution's 6.12 has them. Deviation: only the anonymous part of the resident set is counted.
/// </remarks>
public readonly partial struct MmStruct(nint at) : IHandle
{
    /// <summary>Bit of <see cref="Flags"/>: the memory is being reaped, and faults must fail.</summary>
    public const ulong Unstable = 1ul << 22;

    /// <summary>The kernel's cache of them.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<MmStruct>("mm_struct", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 1344;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>References to the struct; all users together hold one.</summary>
    public AtomicS32 MmCount => new(at);

    /// <summary>Lock and flags of the tree; mmap_lock stands in for the lock.</summary>
    public PlainU64 MtLockAndFlags => new(at + 64);

    /// <summary>The tree of VMAs: a <see cref="MapleNode"/>, or 0 (<c>mm_mt.ma_root</c>).</summary>
    public AtomicPtr MaRoot => new(at + 72);

    /// <summary>Where mappings begin.</summary>
    public PlainU64 MmapBase => new(at + 80);

    /// <summary>Where mappings begin in the legacy layout.</summary>
    public PlainU64 MmapLegacyBase => new(at + 88);

    /// <summary>The same for 32-bit tasks.</summary>
    public PlainU64 MmapCompatBase => new(at + 96);

    /// <summary>The same for 32-bit tasks in the legacy layout.</summary>
    public PlainU64 MmapCompatLegacyBase => new(at + 104);

    /// <summary>First address behind user space.</summary>
    public PlainU64 TaskSize => new(at + 112);

    /// <summary>The <see cref="PageDirectory"/>.</summary>
    public PlainPtr Pgd => new(at + 120);

    /// <summary>Who wants membarrier.</summary>
    public AtomicS32 MembarrierState => new(at + 128);

    /// <summary>Users of the address space.</summary>
    public AtomicS32 MmUsers => new(at + 132);

    /// <summary>Per-CPU concurrency ids.</summary>
    public PlainPtr PcpuCid => new(at + 136);

    /// <summary>When the ids are scanned next.</summary>
    public PlainU64 MmCidNextScan => new(at + 144);

    /// <summary>Bytes in page tables.</summary>
    public AtomicS64 PgtablesBytes => new(at + 152);

    /// <summary>Number of VMAs in the tree.</summary>
    public PlainS32 MapCount => new(at + 160);

    /// <summary>Guards new page tables and the first anon_vma of a VMA.</summary>
    public QueuedSpinLock PageTableLock => new(at + 164, VmaLockClasses.PageTableLock);

    /// <summary>Guards the tree and all VMAs.</summary>
    public RwSemaphore MmapLock => new(at + 168, VmaLockClasses.MmapLock);

    /// <summary>List of address spaces that may be swapped: next.</summary>
    public PlainPtr MmlistNext => new(at + 208);

    /// <summary>List of address spaces that may be swapped: previous.</summary>
    public PlainPtr MmlistPrev => new(at + 216);

    /// <summary>Number of the write section of mmap_lock: grows when one ends, which unlocks all VMAs.</summary>
    public AtomicU32 MmLockSeq => new(at + 224);

    /// <summary>Highest resident set.</summary>
    public PlainU64 HiwaterRss => new(at + 232);

    /// <summary>Highest mapped size.</summary>
    public PlainU64 HiwaterVm => new(at + 240);

    /// <summary>Mapped pages.</summary>
    public PlainU64 TotalVm => new(at + 248);

    /// <summary>Pages in mlock.</summary>
    public PlainU64 LockedVm => new(at + 256);

    /// <summary>Pinned pages.</summary>
    public AtomicS64 PinnedVm => new(at + 264);

    /// <summary>Private writable pages.</summary>
    public PlainU64 DataVm => new(at + 272);

    /// <summary>Executable pages.</summary>
    public PlainU64 ExecVm => new(at + 280);

    /// <summary>Stack pages.</summary>
    public PlainU64 StackVm => new(at + 288);

    /// <summary>Flags of new mappings.</summary>
    public PlainU64 DefFlags => new(at + 296);

    /// <summary>Sequence count against pinning during fork.</summary>
    public AtomicU32 WriteProtectSeq => new(at + 304);

    /// <summary>Guards the fields behind it.</summary>
    public AtomicU32 ArgLock => new(at + 308);

    /// <summary>First of the segment bounds, up to SavedAuxv.</summary>
    public PlainU64 StartCode => new(at + 312);

    /// <summary>First word of the auxiliary vector.</summary>
    public PlainU64 SavedAuxv => new(at + 400);

    /// <summary>Resident file pages (<c>rss_stat[MM_FILEPAGES]</c>).</summary>
    public PerCpuCounter FileRss => new(at + 816);

    /// <summary>Resident anonymous pages (<c>rss_stat[MM_ANONPAGES]</c>).</summary>
    public PerCpuCounter AnonRss => new(at + 856);

    /// <summary>Swap entries (<c>rss_stat[MM_SWAPENTS]</c>).</summary>
    public PerCpuCounter SwapEntries => new(at + 896);

    /// <summary>Resident shared memory pages (<c>rss_stat[MM_SHMEMPAGES]</c>).</summary>
    public PerCpuCounter ShmemRss => new(at + 936);

    /// <summary>The executable's format.</summary>
    public PlainPtr Binfmt => new(at + 976);

    /// <summary>Such as <see cref="Unstable"/>.</summary>
    public AtomicU64 Flags => new(at + 1120);

    /// <summary>The task whose memory control group is charged: an <see cref="Faults.OwnerTask"/>, or 0.</summary>
    public PlainPtr Owner => new(at + 1144);
}
