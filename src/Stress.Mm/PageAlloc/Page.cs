using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <summary>A page frame: the kernel's <c>struct page</c>, as the page allocator uses it.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by                           read by
///      0      8  Flags     the owner, atomically                anybody
///      8     16  Link      holder of the list's lock            holder of the list's lock
///     24     16  mapping, index: not modelled
///     40      8  Private   holder of the zone's lock; an owner  anybody
///     48      4  PageType  holder of the zone's lock            anybody
///     52      4  RefCount  the owner, atomically                anybody
///     56      8  memcg_data: not modelled
/// </code>
/// The head of a free buddy has type <see cref="Buddy"/>, its order in Private, and lies on a free list by Link; its
/// other pages have neither. A page in a per-CPU list lies on it by the same link. Private belongs to the owner of a
/// page in use, so an order that is read without the zone's lock may be anything.
/// Not modelled: compound pages; only the head of an allocation has a count.
/// Source: <c>include/linux/mm_types.h</c>, <c>page-flags.h</c>, v6.10 (page_type inverts its bits).
/// </remarks>
public readonly partial struct Page(nint at) : IHandle
{
    /// <summary>Value of <see cref="PageType"/> for a page that is not the head of a free buddy.</summary>
    public const uint NoType = 0xffff_ffff;

    /// <summary>Value of <see cref="PageType"/> for the head of a free buddy (<c>PG_buddy</c>: its bit is clear).
    /// </summary>
    public const uint Buddy = 0xffff_ff7f;

    /// <summary>Bit of <see cref="Flags"/>: in use and movable (<c>PG_lru</c>).</summary>
    public const ulong Lru = 1 << 5;

    /// <summary>Shift of the zone's number in <see cref="Flags"/>, as on x86-64.</summary>
    public const int ZoneShift = 62;

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The zone's number in the two highest bits, and <see cref="Lru"/>.</summary>
    public AtomicU64 Flags => new(at);

    /// <summary>Node of a free list or a per-CPU list (<c>buddy_list</c>, <c>pcp_list</c>).</summary>
    public ListHead Link => new(at + 8);

    /// <summary>Order of a free buddy; the owner's word of a page in use.</summary>
    public AtomicU64 Private => new(at + 40);

    /// <summary><see cref="Buddy"/> or <see cref="NoType"/>.</summary>
    public AtomicU32 PageType => new(at + 48);

    /// <summary>Users; 0 while it is free, in a per-CPU list, or no head.</summary>
    public AtomicS32 RefCount => new(at + 52);

    /// <summary>The page whose <see cref="Link"/> is a node of a list.</summary>
    public static Page OfLink(nint link) => new(link - 8);

    /// <summary>Makes the page one of a zone, in nobody's use (<c>__init_single_page</c>).</summary>
    public void Initialize<TCpu>(TCpu cpu, int zone) where TCpu : struct, ICpu
    {
        // Plain: nobody knows the page yet.
        cpu.Write(Flags, (ulong)zone << ZoneShift);
        cpu.Write(Private, 0UL);
        cpu.Write(PageType, NoType);
        cpu.Write(RefCount, 0);
    }

    /// <summary>Whether it is the head of a free buddy (<c>PageBuddy</c>).</summary>
    /// <remarks>Relaxed: exact under the zone's lock, and a hint without it.</remarks>
    public bool IsBuddy<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.ReadOnce(PageType) == Buddy;

    /// <summary>The order of a free buddy (<c>buddy_order</c>; <c>buddy_order_unsafe</c> without the zone's lock).
    /// </summary>
    /// <remarks>Relaxed: as <see cref="IsBuddy"/>. Read after it, and without a lock it may belong to another time.
    /// </remarks>
    public int Order<TCpu>(TCpu cpu) where TCpu : struct, ICpu => (int)cpu.ReadOnce(Private);

    /// <summary>Makes it the head of a free buddy (<c>set_buddy_order</c>).</summary>
    /// <remarks>Context: the zone's lock. Relaxed: whoever reads them without the lock takes them for hints.</remarks>
    public void SetBuddy<TCpu>(TCpu cpu, int order) where TCpu : struct, ICpu
    {
        cpu.WriteOnce(Private, (ulong)order);
        cpu.WriteOnce(PageType, Buddy);
    }

    /// <summary>Takes it into use: <c>prep_new_page</c>.</summary>
    /// <param name="isMovable">Whether it will be found on an LRU list.</param>
    public void Prepare<TCpu>(TCpu cpu, bool isMovable) where TCpu : struct, ICpu
    {
        if (isMovable)
        {
            cpu.FetchOrRelaxed(Flags, Lru);
        }

        // Relaxed: the page is the caller's; others only count it as in use.
        cpu.WriteOnce(RefCount, 1);
    }

    /// <summary>Takes it out of use: <c>put_page_testzero</c>, <c>free_pages_prepare</c>.</summary>
    public void Unprepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        int users = cpu.FetchAdd(RefCount, -1);
        cpu.BugOn(users != 1, "VM_BUG_ON_PAGE(page_ref_count(page) == 0, page)");
        cpu.FetchAndRelaxed(Flags, ~Lru);
    }

    /// <summary>The number of its zone (<c>page_zone_id</c>); never changes.</summary>
    public int ZoneNumber<TCpu>(TCpu cpu) where TCpu : struct, ICpu => (int)(cpu.ReadOnce(Flags) >> ZoneShift);
}
