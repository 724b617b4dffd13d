using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <summary>One CPU's spare pages of a zone (<c>struct per_cpu_pages</c>), and its part of the zone's count of free
/// pages (<c>struct per_cpu_zonestat</c>).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by                       read by
///      0      4  Lock       see QueuedSpinLock               the CPU; whoever drains
///      4      4  Count      holder of Lock                   holder of Lock
///      8      4  High       whoever disables, without Lock   holder of Lock
///     12      4  Batch      whoever disables, without Lock   holder of Lock
///     16      1  Threshold  Initialize                       the CPU
///     17      1  Diff       the CPU, with interrupts off     the CPU
///     24    192  List       holder of Lock                   holder of Lock
/// </code>
/// There is a list for each of three types and four orders. A page on a list keeps the place that its block's type had
/// when it was freed: the type may have changed since. It is read anew when the page goes back to the buddies.
/// Order: Lock, then zone->lock. Not modelled: the two lists of huge pages, the automatic size of High, and that
/// free_count scales Batch. Source: <c>mm/page_alloc.c</c>, v6.12.
/// </remarks>
/// <param name="at">In the per-CPU area, behind what the locks use.</param>
public readonly partial struct PerCpuPages(nint at) : IHandle
{
    /// <summary>Orders that have lists: up to <c>PAGE_ALLOC_COSTLY_ORDER</c>.</summary>
    public const int Orders = 4;

    /// <summary>How many lists there are.</summary>
    public const int Lists = MigrateType.PcpTypes * Orders;

    /// <inheritdoc/>
    public static int Bytes => 216;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards the lists; taken by trying only on the way of an allocation or a free.</summary>
    public QueuedSpinLock Lock => new(at, PageAllocLocks.Pcp);

    /// <summary>Pages in all lists, in units of order 0.</summary>
    public PlainS32 Count => new(at + 4);

    /// <summary>Pages from which on some go back; 0 while the lists are disabled.</summary>
    public AtomicS32 High => new(at + 8);

    /// <summary>Pages that go back, or come, at a time.</summary>
    public AtomicS32 Batch => new(at + 12);

    /// <summary>What <see cref="Diff"/> may not exceed, in absolute terms: 0 to 125.</summary>
    public PlainS8 Threshold => new(at + 16);

    /// <summary>Free pages that the CPU has counted and not yet added to the zone.</summary>
    public PlainS8 Diff => new(at + 17);

    /// <summary>The first list.</summary>
    public ListHead FirstList => new(at + 24);

    /// <summary>The part of a CPU.</summary>
    /// <param name="area">The per-CPU area.</param>
    /// <param name="zone">Number of the zone: 0 or 1.</param>
    public static PerCpuPages Of(nint area, int zone) => new(new PerCpuArea(area).Free + (zone * 256));

    /// <summary>Number of the list of a type and an order (<c>order_to_pindex</c>).</summary>
    public static int IndexOf(int type, int order) => (MigrateType.PcpTypes * order) + type;

    /// <summary>The order of the pages of a list (<c>pindex_to_order</c>).</summary>
    public static int OrderOf(int index) => index / MigrateType.PcpTypes;

    /// <summary>A list.</summary>
    /// <param name="index">From 0 to <see cref="Lists"/> less one.</param>
    public ListHead List(int index) => new(at + 24 + (index * ListHead.Bytes));

    /// <summary>Makes it empty (<c>per_cpu_pages_init</c>).</summary>
    /// <param name="threshold">0 to 125.</param>
    public void Initialize<TCpu>(TCpu cpu, int high, int batch, sbyte threshold) where TCpu : struct, ICpu
    {
        Lock.Initialize(cpu);
        cpu.Write(Count, 0);
        cpu.Write(High, high);
        cpu.Write(Batch, batch);
        cpu.Write(Threshold, threshold);
        cpu.Write(Diff, (sbyte)0);
        for (int index = 0; index < Lists; index++)
        {
            List(index).Initialize(cpu);
        }
    }

    /// <summary>Puts a page that was freed on its list, to be handed out first (<c>free_unref_page_commit</c>).
    /// </summary>
    /// <remarks>Context: <see cref="Lock"/>, as for the next three.</remarks>
    public void PushFirst<TCpu>(TCpu cpu, Page page, int type, int order) where TCpu : struct, ICpu
    {
        List(IndexOf(type, order)).AddAfter(cpu, page.Link);
        cpu.Write(Count, cpu.Read(Count) + (1 << order));
    }

    /// <summary>Puts a page from the buddies on its list, in their order (<c>rmqueue_bulk</c>).</summary>
    public void PushLast<TCpu>(TCpu cpu, Page page, int type, int order) where TCpu : struct, ICpu
    {
        List(IndexOf(type, order)).AddBefore(cpu, page.Link);
        cpu.Write(Count, cpu.Read(Count) + (1 << order));
    }

    /// <summary>Takes the first page of a list.</summary>
    /// <returns>Address 0 when there is none.</returns>
    public Page PopFirst<TCpu>(TCpu cpu, int index) where TCpu : struct, ICpu
        => Take(cpu, cpu.Read(List(index).Next), index);

    /// <summary>Takes the last page of a list, which has lain there longest.</summary>
    /// <returns>Address 0 when there is none.</returns>
    public Page PopLast<TCpu>(TCpu cpu, int index) where TCpu : struct, ICpu
        => Take(cpu, cpu.Read(List(index).Prev), index);

    private Page Take<TCpu>(TCpu cpu, nint node, int index) where TCpu : struct, ICpu
    {
        if (node == List(index).Address)
        {
            return new Page(0);
        }

        new ListHead(node).Delete(cpu);
        cpu.Write(Count, cpu.Read(Count) - (1 << OrderOf(index)));
        return Page.OfLink(node);
    }
}
