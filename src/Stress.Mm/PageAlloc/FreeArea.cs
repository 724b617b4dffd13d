using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <summary>The free pages of one order (<c>struct free_area</c>).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by             read by
///      0     96  List       holder of zone->lock   holder of zone->lock
///     96      8  NrFree     holder of zone->lock   anybody
///    104     48  NrOfType   holder of zone->lock   holder of zone->lock
/// </code>
/// List and NrOfType have one entry for each type. Invariants while the lock is free: NrFree is the length of all
/// lists, NrOfType that of each.
/// Deviation: the kernel has no NrOfType. It says as which type a page was taken off, so that a page that is taken off
/// as another than that of its list leaves a trace. Source: <c>include/linux/mmzone.h</c>, v6.12.
/// </remarks>
public readonly partial struct FreeArea(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 152;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The list of the first type.</summary>
    public ListHead FirstList => new(at);

    /// <summary>How many pages of the order are free.</summary>
    public AtomicS64 NrFree => new(at + 96);

    /// <summary>The count of the first type.</summary>
    public PlainS64 FirstNrOfType => new(at + 104);

    /// <summary>The list of a type.</summary>
    public ListHead List(int type) => new(at + (type * ListHead.Bytes));

    /// <summary>How many pages were put on the list of a type, less those that were taken off as of that type.
    /// </summary>
    public PlainS64 NrOfType(int type) => new(at + 104 + (8 * type));

    /// <summary>Makes it empty (<c>zone_init_free_lists</c>).</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Write(NrFree, 0L);
        for (int type = 0; type < MigrateType.Count; type++)
        {
            List(type).Initialize(cpu);
            cpu.Write(NrOfType(type), 0L);
        }
    }

    /// <summary>Links a page in.</summary>
    /// <param name="isLast">Whether at the end of the list, to be taken last.</param>
    /// <remarks>Context: the zone's lock, as for the next two.</remarks>
    public void Add<TCpu>(TCpu cpu, Page page, int type, bool isLast) where TCpu : struct, ICpu
    {
        if (isLast)
        {
            List(type).AddBefore(cpu, page.Link);
        }
        else
        {
            List(type).AddAfter(cpu, page.Link);
        }

        Count(cpu, type, 1);
    }

    /// <summary>Takes a page out.</summary>
    /// <param name="type">What the caller takes for the type of its list.</param>
    public void Remove<TCpu>(TCpu cpu, Page page, int type) where TCpu : struct, ICpu
    {
        page.Link.Delete(cpu);
        Count(cpu, type, -1);
    }

    /// <summary>The first page of a type's list (<c>get_page_from_free_area</c>).</summary>
    /// <returns>Address 0 when there is none.</returns>
    public Page First<TCpu>(TCpu cpu, int type) where TCpu : struct, ICpu
    {
        nint first = cpu.Read(List(type).Next);
        return first == List(type).Address ? new Page(0) : Page.OfLink(first);
    }

    // Plain, as in the kernel: only the holder of the lock changes them.
    private void Count<TCpu>(TCpu cpu, int type, long change) where TCpu : struct, ICpu
    {
        cpu.Write(NrFree, cpu.Read(NrFree) + change);
        cpu.Write(NrOfType(type), cpu.Read(NrOfType(type)) + change);
    }
}
