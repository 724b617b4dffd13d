using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>What a memory node's CPUs share in a fault: its zone and the LRU list of anonymous pages.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field        line  written by                                read by
///      0      8  Watermark       0  nobody                                    every allocation
///     64     16  FreeList        1  holder of Lock                            the same
///     80      8  NrFree          1  holder of Lock                            the same
///    128      4  Lock            2  see <see cref="QueuedSpinLock"/>
///    192      8  NrFreePages     3  CPUs, when their difference is too large  every allocation
///    256     16  LruList         4  holder of LruLock                         the same
///    336      4  LruLock         5  see <see cref="QueuedSpinLock"/>
///    384      8  NrLru           6  holder of LruLock                         the same
/// </code>
/// The lines are those of <c>struct zone</c> (free_area, lock, vm_stat) and <c>struct lruvec</c> (lists, lru_lock) in
/// v6.12. Simplified: free pages are single ones, in one list; they come and go in batches as from the buddy lists.
/// </remarks>
/// <param name="at">Address of the struct.</param>
public readonly struct NumaNode(nint at) : IHandle
{
    private static readonly LockClass s_zone = new("&zone->lock");
    private static readonly LockClass s_lru = new("&lruvec->lru_lock");

    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<NumaNode>("pglist_data", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 448;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Pages that an allocation must leave (<c>_watermark[WMARK_LOW]</c>).</summary>
    public PlainS64 Watermark => new(at);

    /// <summary>Free pages.</summary>
    public ListHead FreeList => new(at + 64);

    /// <summary>How many they are.</summary>
    public PlainS64 NrFree => new(at + 80);

    /// <summary>The zone's lock.</summary>
    public QueuedSpinLock Lock => new(at + 128, s_zone);

    /// <summary>The zone's counter of free pages, without the differences of the CPUs.</summary>
    public AtomicS64 NrFreePages => new(at + 192);

    /// <summary>Anonymous pages on the LRU list.</summary>
    public ListHead LruList => new(at + 256);

    /// <summary>The lock of <see cref="LruList"/>.</summary>
    public QueuedSpinLock LruLock => new(at + 336, s_lru);

    /// <summary>How many pages are on <see cref="LruList"/>.</summary>
    public PlainS64 NrLru => new(at + 384);
}
