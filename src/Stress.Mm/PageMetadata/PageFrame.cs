using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <summary>One page of a memory map: its own <c>struct page</c>, and two words of the 64 that it holds.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                               read by
///      0     16  Lru    the owner; holder of zone.lock           the same
///     16      8  Flags  the owner; holder of zone.lock           anybody who knows the page
///     24      8  First  the owner, before the page is mapped     whoever looks at the struct pages
///     32      8  Rest   the owner, before the page is mapped     whoever looks at the struct pages
/// </code>
/// Flags is <c>page->flags</c> of the page itself: bit 0 says that it came from memblock, the top byte is its node.
/// First and Rest stand for the flags and compound heads of the first struct page in it and of the others. All ones in
/// any of them: poisoned. Source: <c>include/linux/page-flags.h</c>, v6.12; the offsets are not the kernel's.
/// </remarks>
public readonly partial struct PageFrame(nint at) : IHandle
{
    /// <summary>Bit of <see cref="Flags"/>: came from memblock (<c>PG_reserved</c>).</summary>
    public const ulong Reserved = 1;

    /// <summary>Bit of <see cref="First"/>: the head of a huge page (<c>PG_head</c>).</summary>
    public const ulong Head = 2;

    /// <summary>Bit of <see cref="First"/> and <see cref="Rest"/>: a tail, which leads to its head.</summary>
    public const ulong Tail = 4;

    /// <summary>What <c>page_init_poison</c> leaves (<c>PAGE_POISON_PATTERN</c>).</summary>
    public const ulong Poison = ulong.MaxValue;

    /// <summary>The text of the check in front of every look at a page's node.</summary>
    public const string PoisonText = "VM_BUG_ON_PGFLAGS(PagePoisoned(page), page)";

    /// <summary>The pages, as the page allocator and memblock hand them out.</summary>
    public static readonly SlabCache Cache = SlabCache.For<PageFrame>("page");

    private const int NodeShift = 56;

    /// <inheritdoc/>
    public static int Bytes => 40;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Place in a list of free pages, or of pages to be freed.</summary>
    public ListHead Lru => new(at);

    /// <summary>Node and origin of the page itself.</summary>
    public AtomicU64 Flags => new(at + 16);

    /// <summary>The first struct page that lies in the page.</summary>
    public AtomicU64 First => new(at + 24);

    /// <summary>The other struct pages that lie in the page.</summary>
    public AtomicU64 Rest => new(at + 32);

    /// <summary>The flags of a page of a node.</summary>
    public static ulong OnNode(int node) => (ulong)node << NodeShift;

    /// <summary>The node in a page's flags: <c>page_to_nid</c>.</summary>
    public static int NodeOf<TCpu>(TCpu cpu, ulong flags) where TCpu : struct, ICpu
    {
        cpu.BugOn(flags == Poison, PoisonText);
        return (int)(flags >> NodeShift);
    }

    /// <summary>The page's node: <c>page_pgdat</c>.</summary>
    /// <remarks>Context: the page is the caller's, or of memory that cannot go.</remarks>
    public int Node<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        // Relaxed: the node of a page never changes; a poisoned one has no node.
        => NodeOf(cpu, cpu.ReadOnce(Flags));

    /// <summary>Fills both words that it holds.</summary>
    /// <remarks>Context: nobody else looks at the page.</remarks>
    public void Fill<TCpu>(TCpu cpu, ulong first, ulong rest) where TCpu : struct, ICpu
    {
        cpu.Write(First, first);
        cpu.Write(Rest, rest);
    }
}
