using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>A huge page's descriptor: the words of <c>struct folio</c> that hugetlb uses.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by                       read by
///      0     16  Lru         holder of hugetlb_lock           holder of hugetlb_lock
///     16      8  Flags       owner of the folio, atomically   owner of the folio
///     24      8  Subpool     owner of the folio               owner of the folio
///     32      8  RsvdCgroup  holder of hugetlb_lock           holder of hugetlb_lock
/// </code>
/// Deviation: the offsets are not those of the 6.12 page; the reference count is not modelled, whoever gives the last
/// one back calls <see cref="HugetlbPool.Free"/>. Source: <c>include/linux/hugetlb.h</c>, v6.12.
/// </remarks>
public readonly partial struct HugeFolio(nint at) : IHandle
{
    /// <summary>Bit of <see cref="Flags"/>: freeing it gives a reservation back (<c>HPG_restore_reserve</c>).</summary>
    public const ulong RestoreReserve = 1;

    /// <summary>Bit of <see cref="Flags"/>: in no count of surplus pages, goes when freed (<c>HPG_temporary</c>).
    /// </summary>
    public const ulong Temporary = 2;

    /// <summary>Bit of <see cref="Flags"/>: on the free list (<c>HPG_freed</c>).</summary>
    public const ulong Freed = 4;

    /// <summary>The objects: fresh huge pages from the page allocator.</summary>
    public static readonly SlabCache Cache = SlabCache.For<HugeFolio>("huge_folio");

    /// <inheritdoc/>
    public static int Bytes => 40;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Place in the list of free or of used pages, or in a local one.</summary>
    public ListHead Lru => new(at);

    /// <summary>What is to happen when it is freed (<c>folio->private</c>).</summary>
    public AtomicU64 Flags => new(at + 16);

    /// <summary>The <see cref="HugepageSubpool"/> that it was taken from; 0 for none.</summary>
    public PlainPtr Subpool => new(at + 24);

    /// <summary>The <see cref="HugetlbCgroup"/> that pays for its reservation; 0 for none.</summary>
    public PlainPtr RsvdCgroup => new(at + 32);

    /// <summary>Whether one of the given bits is set.</summary>
    public bool Has<TCpu>(TCpu cpu, ulong flag) where TCpu : struct, ICpu
        // Relaxed: a page has one owner at a time; locks hand it over.
        => (cpu.ReadOnce(Flags) & flag) != 0;

    /// <summary>Sets a bit.</summary>
    public void Set<TCpu>(TCpu cpu, ulong flag) where TCpu : struct, ICpu => cpu.FetchOrRelaxed(Flags, flag);

    /// <summary>Clears a bit.</summary>
    public void Clear<TCpu>(TCpu cpu, ulong flag) where TCpu : struct, ICpu => cpu.FetchAndRelaxed(Flags, ~flag);

    /// <summary>Makes a fresh page from the page allocator's.</summary>
    /// <returns>The page, in no list; its address is 0 without memory.</returns>
    public static HugeFolio Create<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        HugeFolio folio = new(cpu.Alloc(Cache));
        if (folio.Address != 0)
        {
            folio.Lru.Initialize(cpu);
            cpu.Write(folio.Flags, 0ul);
            cpu.Write(folio.Subpool, 0);
            cpu.Write(folio.RsvdCgroup, 0);
        }

        return folio;
    }
}
