using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A zone of 1 GiB with the sizes of x86-64, and a table of pages in use, for real threads.</summary>
/// <remarks>
/// <code>
/// offset  bytes     field
///      0     1800   Zone
///   1920     2048   Held   a word for each of 256 pages in use: bit 0, order in bits 1-7, page frame above
///   3968  16777472  Map
/// </code>
/// </remarks>
public readonly partial struct LargeMemory<TRule>(nint at) : IHandle
    where TRule : struct, IZoneRule
{
    private const int Pages = 1 << 18;
    private const int Slots = 256;
    private const int HeldOffset = 1920;
    private const int MapOffset = HeldOffset + (Slots * sizeof(ulong));

    // The per-CPU lists of zone 0 belong to the zone that is explored.
    private const int Number = 1;
    private const int PcpHigh = 512;
    private const int PcpBatch = 63;
    private const sbyte Threshold = 125;

    public static SlabCache Cache { get; } = SlabCache.For<LargeMemory<TRule>>(
        "large_memory", SlabOptions.CacheLineAligned | SlabOptions.Zeroed | SlabOptions.NoFail);

    public static int Bytes => MapOffset + MemMap.BytesFor(Pages);

    public nint Address => at;

    public AtomicU64 FirstHeld => new(at + HeldOffset);

    private Zone<TRule, X86ZoneSize> Zone => new(at, Map);

    private MemMap Map => new(at + MapOffset);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Zone.Initialize(cpu, Number, 0, Pages, PcpHigh, PcpBatch, Threshold);
        for (long pfn = 0; pfn < Pages; pfn += 1L << X86ZoneSize.MaxOrder)
        {
            Map.PageAt(pfn).Prepare(cpu, isMovable: true);
            Zone.FreeBuddy(cpu, pfn, X86ZoneSize.MaxOrder);
        }
    }

    // Takes what a slot holds and frees it, or fills it: pages are freed by others than who allocated them.
    public void AllocOrFree<TCpu>(TCpu cpu, int orders) where TCpu : struct, ICpu
    {
        AtomicU64 slot = Held((int)cpu.Choose(Slots));
        ulong held = cpu.Exchange(slot, 0UL);
        if (held == 0)
        {
            int order = (int)cpu.Choose((uint)orders);
            long pfn = Zone.AllocPages(cpu, order, (int)cpu.Choose(MigrateType.PcpTypes));
            if (pfn == Zone<TRule, X86ZoneSize>.NoPage)
            {
                return;
            }

            held = cpu.Exchange(slot, Word(pfn, order));
        }

        if (held != 0)
        {
            Zone.FreePages(cpu, (long)(held >> 8), OrderOf(held));
        }
    }

    // A range that need not begin or end with a pageblock.
    public void AllocRange<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long length = 1 + cpu.Choose((uint)Zone<TRule, X86ZoneSize>.MaxBuddyPages);
        long start = cpu.Choose((uint)(Pages - length));
        if (Zone.AllocContigRange(cpu, start, start + length) == 0)
        {
            Zone.FreeContigRange(cpu, start, start + length);
        }
    }

    public void OfflineAndOnline<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long length = Zone<TRule, X86ZoneSize>.MaxBuddyPages;
        long start = cpu.Choose((uint)(Pages / length)) * length;
        if (Zone.OfflinePages(cpu, start, start + length) == 0)
        {
            Zone.OnlinePages(cpu, start, start + length);
        }
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long pages = new ZoneAudit<TRule, X86ZoneSize>(Zone).Check(cpu) + Zone.PcpPages(cpu, -1);
        for (int i = 0; i < Slots; i++)
        {
            ulong held = cpu.ReadOnce(Held(i));
            pages += held != 0 ? 1L << OrderOf(held) : 0;
        }

        cpu.Require(pages == Pages, "every page is free, on a per-CPU list, or somebody's");
    }

    private static ulong Word(long pfn, int order) => ((ulong)pfn << 8) | ((ulong)order << 1) | 1;

    private static int OrderOf(ulong held) => (int)((held & 0xff) >> 1);

    private AtomicU64 Held(int slot) => new(at + HeldOffset + (slot * sizeof(ulong)));
}
