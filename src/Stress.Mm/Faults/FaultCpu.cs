using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>What a CPU keeps for its faults, in its per-CPU area.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field         kernel
///      0      4  PcpLock       per_cpu_pages.lock
///      4      4  PcpCount      per_cpu_pages.count
///      8     16  PcpList       per_cpu_pages.lists
///     24      1  ZoneDiff      per_cpu_zonestat.vm_stat_diff, in pages
///     64      8  StockMemcg    memcg_stock_pcp.cached
///     72      4  StockPages    memcg_stock_pcp.nr_pages
///    128      4  BatchCount    folio_batch.nr of lru_add
///    136    248  BatchFirst    folio_batch.folios: 31 of them
///    384      8  PgFault       vm_event_state: PGFAULT
///    392      8  MemcgPgFault  memcg_vmstats_percpu: PGFAULT
///    400      4  AnonMapped    lruvec_stats_percpu: NR_ANON_MAPPED
/// </code>
/// Written by tasks of the CPU only.
/// </remarks>
/// <param name="at">Address in the per-CPU area.</param>
public readonly struct FaultCpu(nint at) : IHandle
{
    /// <summary>Folios that wait for the LRU lock together (<c>PAGEVEC_SIZE</c>).</summary>
    public const int BatchSize = 31;

    private static readonly LockClass s_pcp = new("&pcp->lock");

    /// <inheritdoc/>
    public static int Bytes => 448;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards the list of pages.</summary>
    public QueuedSpinLock PcpLock => new(at, s_pcp);

    /// <summary>Pages in <see cref="PcpList"/>.</summary>
    public PlainS32 PcpCount => new(at + 4);

    /// <summary>The CPU's spare pages.</summary>
    public ListHead PcpList => new(at + 8);

    /// <summary>What the zone's counter of free pages does not know yet.</summary>
    public PlainS32 ZoneDiff => new(at + 24);

    /// <summary>Whose charge is paid in advance.</summary>
    public PlainPtr StockMemcg => new(at + 64);

    /// <summary>How many pages are.</summary>
    public PlainS32 StockPages => new(at + 72);

    /// <summary>Folios that wait to be added to the LRU list.</summary>
    public PlainS32 BatchCount => new(at + 128);

    /// <summary>The first of them.</summary>
    public PlainPtr BatchFirst => new(at + 136);

    /// <summary>Faults of this CPU.</summary>
    public AtomicU64 PgFault => new(at + 384);

    /// <summary>Faults of the memory control group on this CPU.</summary>
    public AtomicU64 MemcgPgFault => new(at + 392);

    /// <summary>Mapped anonymous pages, counted here.</summary>
    public AtomicS32 AnonMapped => new(at + 400);

    /// <summary>A folio of the batch.</summary>
    public PlainPtr Batch(int index) => new(at + 136 + (8 * index));

    /// <summary>That of a CPU.</summary>
    /// <param name="area">Its per-CPU area.</param>
    public static FaultCpu In(nint area) => new(new PerCpuArea(area).Free);
}
