using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <summary>A zone of memory and its buddy allocator (<c>struct zone</c>).</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <typeparam name="TSize">The orders of pageblocks and buddies.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field               written by                  read by
///      0      4  Number              Initialize                  anybody
///      8      8  StartPfn            Initialize                  anybody
///     16      8  SpannedPages        Initialize                  anybody
///     24      4  PcpHigh             Initialize                  holder of PcpDisable
///     28      4  PcpBatch            Initialize                  holder of PcpDisable
///     32     32  PcpDisable          see Mutex                   anybody
///     64      4  Lock                see QueuedSpinLock          anybody
///     72      8  NrIsolatePageblock  holder of Lock              holder of Lock
///     80      8  NrFreePages         anybody, atomically         anybody
///    128   1672  FreeAreas           holder of Lock              holder of Lock
/// </code>
/// NrFreePages is NR_FREE_PAGES of <c>vm_stat</c>; with the Diff of every CPU it counts the pages on all lists but
/// those of type ISOLATE. Invariants while Lock is free: every pageblock of a free page has the type of the page's
/// list; NrIsolatePageblock counts the blocks of type ISOLATE.
/// Deviation: one pcp_batch_high_lock for each zone.
/// Not modelled: watermarks, reserves, node fallback, watermark boosts, shuffling, and the migration of pages in use.
/// Source: <c>mm/page_alloc.c</c>, <c>mm/page_isolation.c</c>, v6.12 and the versions that
/// <typeparamref name="TRule"/> names.
/// </remarks>
/// <param name="at">Address of the zone.</param>
/// <param name="map">The machine's pages.</param>
public readonly partial struct Zone<TRule, TSize>(nint at, MemMap map) : IHandle
    where TRule : struct, IZoneRule
    where TSize : struct, IZoneSize
{
    /// <summary>What an allocation returns that finds nothing.</summary>
    public const long NoPage = -1;

    private const int MaxAreas = 11;
    private const int AreasOffset = 128;

    /// <inheritdoc/>
    public static int Bytes => AreasOffset + (MaxAreas * FreeArea.Bytes);

    /// <summary>Pages of a pageblock (<c>pageblock_nr_pages</c>).</summary>
    public static long BlockPages => 1L << TSize.PageblockOrder;

    /// <summary>Pages of the largest buddy (<c>MAX_ORDER_NR_PAGES</c>).</summary>
    public static long MaxBuddyPages => 1L << TSize.MaxOrder;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Which zone of the machine it is: 0 or 1.</summary>
    public PlainS32 Number => new(at);

    /// <summary>Its first page frame (<c>zone_start_pfn</c>).</summary>
    public PlainS64 StartPfn => new(at + 8);

    /// <summary>Its page frames.</summary>
    public PlainS64 SpannedPages => new(at + 16);

    /// <summary>High of the per-CPU lists while they are enabled.</summary>
    public PlainS32 PcpHigh => new(at + 24);

    /// <summary>Batch of the per-CPU lists while they are enabled.</summary>
    public PlainS32 PcpBatch => new(at + 28);

    /// <summary>Held for as long as the per-CPU lists are disabled (<c>pcp_batch_high_lock</c>).</summary>
    public Mutex PcpDisable => new(at + 32, PageAllocLocks.PcpDisable);

    /// <summary>Guards the free lists and the types of the zone's pageblocks; interrupts off.</summary>
    public QueuedSpinLock Lock => new(at + 64, PageAllocLocks.Zone);

    /// <summary>How many pageblocks are isolated (<c>nr_isolate_pageblock</c>).</summary>
    public PlainS64 NrIsolatePageblock => new(at + 72);

    /// <summary>NR_FREE_PAGES, without the CPUs' diffs.</summary>
    public AtomicS64 NrFreePages => new(at + 80);

    private MemMap Map => map;

    /// <summary>The free pages of an order.</summary>
    public FreeArea Area(int order) => new(at + AreasOffset + (order * FreeArea.Bytes));

    /// <summary>Makes the zone, with no free page, and all pageblocks movable (<c>free_area_init_core</c>).</summary>
    /// <param name="number">0 or 1.</param>
    /// <param name="start">First page frame, a multiple of the pageblock.</param>
    /// <param name="pages">A multiple of the pageblock. The machine's pages end with a whole largest buddy.</param>
    /// <param name="pcpHigh">0: the per-CPU lists keep nothing.</param>
    /// <param name="pcpBatch">At least 1.</param>
    /// <param name="threshold">Of the CPUs' diffs: 0 to 125.</param>
    public void Initialize<TCpu>(
        TCpu cpu, int number, long start, long pages, int pcpHigh, int pcpBatch, sbyte threshold)
        where TCpu : struct, ICpu
    {
        cpu.Write(Number, number);
        cpu.Write(StartPfn, start);
        cpu.Write(SpannedPages, pages);
        cpu.Write(PcpHigh, pcpHigh);
        cpu.Write(PcpBatch, pcpBatch);
        PcpDisable.Initialize(cpu);
        Lock.Initialize(cpu);
        cpu.Write(NrIsolatePageblock, 0L);
        cpu.Write(NrFreePages, 0L);
        for (int order = 0; order <= TSize.MaxOrder; order++)
        {
            Area(order).Initialize(cpu);
        }

        for (int i = 0; i < cpu.CpuCount; i++)
        {
            PerCpuPages.Of(cpu.PerCpu(i), number).Initialize(cpu, pcpHigh, pcpBatch, threshold);
        }

        for (long pfn = start; pfn < start + pages; pfn++)
        {
            Map.PageAt(pfn).Initialize(cpu, number);
        }

        for (long pfn = start; pfn < start + pages; pfn += BlockPages)
        {
            SetType(cpu, pfn, MigrateType.Movable);
        }
    }

    /// <summary>The type of the pageblock of a page (<c>get_pfnblock_migratetype</c>).</summary>
    /// <remarks>Exact under <see cref="Lock"/>, and a guess without it.</remarks>
    public int TypeOf<TCpu>(TCpu cpu, long pfn) where TCpu : struct, ICpu
        => Map.Type(cpu, pfn >> TSize.PageblockOrder);

    private static long BlockStart(long pfn) => pfn & -BlockPages;

    private PerCpuPages Pcp<TCpu>(TCpu cpu, int number) where TCpu : struct, ICpu
        => PerCpuPages.Of(cpu.PerCpu(number), cpu.Read(Number));

    private void SetType<TCpu>(TCpu cpu, long pfn, int type) where TCpu : struct, ICpu
        => Map.SetType(cpu, pfn >> TSize.PageblockOrder, type);
}
