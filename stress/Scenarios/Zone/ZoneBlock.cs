using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>Two zones and sixteen pages: the root block of the scenarios that explore.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field
///      0      8  Note    a number that the scenario keeps
///     64   1800  Zone
///   1920   1800  Other
///   3776   1280  Map
/// </code>
/// </remarks>
public readonly partial struct ZoneBlock<TRule, TSize>(nint at) : IHandle
    where TRule : struct, IZoneRule
    where TSize : struct, IZoneSize
{
    public const int Pages = 16;

    private const int ZoneOffset = 64;
    private const int OtherOffset = 1920;
    private const int MapOffset = 3776;
    private const sbyte Threshold = 2;

    public static int Bytes => MapOffset + MemMap.BytesFor(Pages);

    public nint Address => at;

    public AtomicS64 Note => new(at);

    public Zone<TRule, TSize> Zone => new(at + ZoneOffset, Map);

    public Zone<TRule, TSize> Other => new(at + OtherOffset, Map);

    public MemMap Map => new(at + MapOffset);

    // One zone of all pages, none free.
    public void Prepare<TCpu>(TCpu cpu, int pcpHigh = 0, int pcpBatch = 1) where TCpu : struct, ICpu
    {
        Label(cpu);
        Zone.Initialize(cpu, 0, 0, Pages, pcpHigh, pcpBatch, Threshold);
    }

    // The second zone has the upper half.
    public void PrepareTwo<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Label(cpu);
        Zone.Initialize(cpu, 0, 0, Pages / 2, 0, 1, Threshold);
        Other.Initialize(cpu, 1, Pages / 2, Pages / 2, 0, 1, Threshold);
    }

    // A page that was in use since boot.
    public void Free<TCpu>(TCpu cpu, long pfn, int order) where TCpu : struct, ICpu
    {
        Use(cpu, pfn);
        Zone.FreeBuddy(cpu, pfn, order);
    }

    public void Use<TCpu>(TCpu cpu, long pfn) where TCpu : struct, ICpu
        => Map.PageAt(pfn).Prepare(cpu, isMovable: true);

    public void AllocAndFree<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        long pfn = Zone.AllocBuddy(cpu, order, type);
        if (pfn != Zone<TRule, TSize>.NoPage)
        {
            Zone.FreeBuddy(cpu, pfn, order);
        }
    }

    public void IsolateAndUndo<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        (long error, int type) = Zone.SetMigratetypeIsolate(cpu, start);
        if (error == 0)
        {
            Zone.UnsetMigratetypeIsolate(cpu, start, type);
        }
    }

    private void Label<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Zone, "zone");
        cpu.Label(Other, "zone1");
        cpu.Label(Map, "mem_section");
        for (int order = 0; order <= TSize.MaxOrder; order++)
        {
            cpu.Label(Zone.Area(order), $"free_area[{order}]");
        }

        for (int i = 0; i < cpu.CpuCount; i++)
        {
            cpu.Label(PerCpuPages.Of(cpu.PerCpu(i), 0), $"pcp{i}");
        }

        for (int pfn = 0; pfn < Pages; pfn++)
        {
            cpu.Label(Map.PageAt(pfn), $"page{pfn}");
        }
    }
}
