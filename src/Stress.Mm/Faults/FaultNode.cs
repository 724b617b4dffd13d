using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>A zone, as far as single pages are taken from it: <c>struct zone</c>, v6.12, x86-64.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                                read by
///      0      8  WatermarkMin   nobody                                    -
///      8      8  WatermarkLow   nobody                                    every allocation
///    112      8  PerCpuPageset  nobody                                    every allocation
///    272     16  FreeList       holder of Lock                            the same
///    336      8  NrFree         holder of Lock                            the same
///   1248      4  Lock           -                                         -
///   1344     24  FreePages      CPUs, when their difference is too large  every allocation
///   1376      8  Managed        holder of Lock                            Audit
/// </code>
/// FreeList and NrFree are those of order 0 and movable pages in <c>free_area</c>. Simplified: free pages are single
/// ones, so no block is split, and the lists of the higher orders are not touched.
/// </remarks>
public readonly partial struct FaultZone(nint at) : IHandle
{
    private static readonly LockClass s_lock = new("&zone->lock");

    /// <inheritdoc/>
    public static int Bytes => 1664;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Pages that only few may take.</summary>
    public PlainS64 WatermarkMin => new(at);

    /// <summary>Pages that an allocation must leave.</summary>
    public PlainS64 WatermarkLow => new(at + 8);

    /// <summary>Where the CPUs' lists are; here a mark only, as they are in the per-CPU areas.</summary>
    public PlainPtr PerCpuPageset => new(at + 112);

    /// <summary>Free pages.</summary>
    public ListHead FreeList => new(at + 272);

    /// <summary>How many they are.</summary>
    public PlainS64 NrFree => new(at + 336);

    /// <summary>Guards the free pages.</summary>
    public QueuedSpinLock Lock => new(at + 1248, s_lock);

    /// <summary>The count of free pages (<c>vm_stat[NR_FREE_PAGES]</c>).</summary>
    public NodeStat FreePages => new(at + 1344);

    /// <summary>Pages that the zone has in all.</summary>
    public PlainS64 Managed => new(at + 1376);
}

/// <summary>The LRU lists of a memory control group on a node: <c>struct lruvec</c>, v6.12, and what stands behind it.
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field         written by         read by
///      0     16  InactiveAnon  holder of LruLock  the same
///     16     16  ActiveAnon    holder of LruLock  the same
///     80      4  LruLock       -                  -
///    128      8  NrAnon        holder of LruLock  the same; mem_cgroup_per_node.lru_zone_size
/// </code>
/// </remarks>
public readonly partial struct FaultLruvec(nint at) : IHandle
{
    private static readonly LockClass s_lock = new("&lruvec->lru_lock");

    /// <inheritdoc/>
    public static int Bytes => 192;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Anonymous pages that were not used lately: where new pages of a mapping without a recency go.</summary>
    public ListHead InactiveAnon => new(at);

    /// <summary>Anonymous pages that were used lately: where new ones go.</summary>
    public ListHead ActiveAnon => new(at + 16);

    /// <summary>Guards the lists.</summary>
    public QueuedSpinLock LruLock => new(at + 80, s_lock);

    /// <summary>Pages on the lists.</summary>
    public PlainS64 NrAnon => new(at + 128);
}

/// <summary>A memory node: its zone, the LRU lists of the group there, and counters of the node.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by                                read by
///      0   1664  Zone        -                                         -
///   1664    192  Lruvec      -                                         -
///   1856     24  AnonMapped  CPUs, when their difference is too large  whoever reports
///   1920     24  LruAnon     CPUs, when their difference is too large  whoever reports
///   1984      8  Parts       Prepare                                   Teardown
/// </code>
/// </remarks>
public readonly partial struct FaultNode(nint at) : IHandle
{
    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<FaultNode>("pglist_data", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 2048;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Where its pages come from.</summary>
    public FaultZone Zone => new(at);

    /// <summary>Where its pages wait for reclaim.</summary>
    public FaultLruvec Lruvec => new(at + 1664);

    /// <summary>Mapped anonymous pages (<c>vm_stat[NR_ANON_MAPPED]</c>).</summary>
    public NodeStat AnonMapped => new(at + 1856);

    /// <summary>Pages on the anonymous LRU lists (<c>vm_stat[NR_ACTIVE_ANON]</c> or the inactive one).</summary>
    public NodeStat LruAnon => new(at + 1920);

    /// <summary>The per-CPU parts of the three counters: three <see cref="StatParts"/>, one behind the other.</summary>
    public PlainPtr Parts => new(at + 1984);
}

/// <summary>The per-CPU parts of three counters: a line for each of 64 CPUs.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by    read by
///      0  12288  First  its own CPU   whoever sums
/// </code>
/// Of more than 64 CPUs there are 256 of them for each counter.
/// </remarks>
public readonly struct StatParts(nint at) : IHandle
{
    internal const int Counters = 3;

    private const int FewCpus = 64;
    private const int ManyCpus = 256;

    private static readonly SlabCache s_few = CacheOf(FewCpus);
    private static readonly SlabCache s_many = CacheOf(ManyCpus);

    /// <inheritdoc/>
    public static int Bytes => Counters * FewCpus * NodeStat.PartStride;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The part of the first counter and CPU.</summary>
    public NodeStatPart First => new(at);

    /// <summary>Where those of so many CPUs come from: an explored run has few, and should not have to clear much.
    /// </summary>
    public static SlabCache CacheFor(int cpus) => cpus <= FewCpus ? s_few : s_many;

    private static SlabCache CacheOf(int cpus) => SlabCache.For<StatParts>(
        "percpu_stat", SlabOptions.Zeroed | SlabOptions.CacheLineAligned, Counters * cpus * NodeStat.PartStride);
}
