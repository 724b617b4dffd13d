using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>What a CPU keeps for its faults, in its per-CPU area.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field         kernel
///      0      4  PcpLock       per_cpu_pages.lock
///      4      4  PcpCount      per_cpu_pages.count
///      8      4  PcpHigh       per_cpu_pages.high
///     20      4  PcpBatch      per_cpu_pages.batch
///     25      1  AllocFactor   per_cpu_pages.alloc_factor
///     32     16  PcpList       per_cpu_pages.lists, the one of movable pages
///     64      8  StockMemcg    memcg_stock_pcp.cached
///     72      4  StockPages    memcg_stock_pcp.nr_pages
///    128      1  BatchCount    folio_batch.nr of lru_add
///    136    248  BatchFirst    folio_batch.folios: 31 of them
///    384      8  PgFault       vm_event_state: PGFAULT
///    392      8  PgAlloc       vm_event_state: PGALLOC_NORMAL
///    400      8  NumaHit       per_cpu_zonestat.vm_numa_event: NUMA_HIT
///    448      8  MemcgPgFault  memcg_vmstats_percpu: PGFAULT
/// </code>
/// Written by tasks of the CPU only. Each group begins a cache line, as the kernel's per-CPU structs of the first two
/// groups do; the lists of other kinds and orders of pages are left out.
/// </remarks>
/// <param name="at">Address in the per-CPU area.</param>
public readonly partial struct FaultCpu(nint at) : IHandle
{
    /// <summary>Room for folios that wait for the LRU lock together.</summary>
    public const int MaxBatch = 31;

    private static readonly LockClass s_pcp = new("&pcp->lock");

    /// <inheritdoc/>
    public static int Bytes => 512;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards the list of pages.</summary>
    public QueuedSpinLock PcpLock => new(at, s_pcp);

    /// <summary>Pages in <see cref="PcpList"/>.</summary>
    public PlainS32 PcpCount => new(at + 4);

    /// <summary>Pages that the list may grow to; it grows with the demand.</summary>
    public PlainS32 PcpHigh => new(at + 8);

    /// <summary>Pages that are taken from the zone at once, at first: fewer where memory is small.</summary>
    public PlainS32 PcpBatch => new(at + 20);

    /// <summary>How often the number of pages taken at once has doubled.</summary>
    public PlainU8 AllocFactor => new(at + 25);

    /// <summary>The CPU's spare pages.</summary>
    public ListHead PcpList => new(at + 32);

    /// <summary>Whose charge is paid in advance.</summary>
    public PlainPtr StockMemcg => new(at + 64);

    /// <summary>For how many pages.</summary>
    public PlainS32 StockPages => new(at + 72);

    /// <summary>Folios that wait to be added to the LRU list.</summary>
    public PlainU8 BatchCount => new(at + 128);

    /// <summary>The first of them.</summary>
    public PlainPtr BatchFirst => new(at + 136);

    /// <summary>Faults of this CPU.</summary>
    public AtomicU64 PgFault => new(at + 384);

    /// <summary>Pages allocated on this CPU.</summary>
    public AtomicU64 PgAlloc => new(at + 392);

    /// <summary>Those of them that came from the node that was asked.</summary>
    public AtomicU64 NumaHit => new(at + 400);

    /// <summary>Faults of the memory control group on this CPU.</summary>
    public AtomicU64 MemcgPgFault => new(at + 448);

    /// <summary>A folio of the batch.</summary>
    /// <param name="index">From 0 to <see cref="MaxBatch"/> less one.</param>
    public PlainPtr Batch(int index) => new(at + 136 + (8 * index));

    /// <summary>That of a CPU.</summary>
    public static FaultCpu Of<TCpu>(TCpu cpu, int number) where TCpu : struct, ICpu
        => new(new PerCpuArea(cpu.PerCpu(number)).Free);
}
