using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>A page: <c>struct page</c> as a fault and the LRU lists use it, v6.12.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by                               read by
///      0      8  Flags      whoever makes it                         anybody
///      8     16  Lru        holder of the lock of the list it is in  the same
///     24      8  Mapping    holder of its PTE's lock                 anybody
///     32      8  Index      holder of its PTE's lock                 anybody
///     48      4  MapCount   holder of its PTE's lock                 the same
///     52      4  RefCount   whoever takes a reference                the same
///     56      8  MemcgData  whoever charges it                       whoever adds it to a list, or uncharges it
/// </code>
/// </remarks>
public readonly partial struct FaultPage(nint at) : IHandle
{
    /// <summary>Bit of <see cref="Flags"/>: the content is valid.</summary>
    public const ulong Uptodate = 1ul << 3;

    /// <summary>Bit of <see cref="Flags"/>: on an LRU list.</summary>
    public const ulong OnLru = 1ul << 5;

    /// <summary>Bit of <see cref="Flags"/>: used recently.</summary>
    public const ulong Active = 1ul << 8;

    /// <summary>The memory map: an entry for each page, of a line each.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<FaultPage>("page", SlabOptions.Zeroed | SlabOptions.CacheLineAligned | SlabOptions.NoFail);

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Page flags; the number of the node is in the highest byte.</summary>
    public PlainU64 Flags => new(at);

    /// <summary>Its place in a list: of the zone, of a CPU, or of the LRU.</summary>
    public ListHead Lru => new(at + 8);

    /// <summary>The anon_vma, with a bit that says so.</summary>
    public PlainPtr Mapping => new(at + 24);

    /// <summary>Its number in the mapping, in pages.</summary>
    public PlainU64 Index => new(at + 32);

    /// <summary>PTEs that map it.</summary>
    public AtomicS32 MapCount => new(at + 48);

    /// <summary>References to it.</summary>
    public AtomicS32 RefCount => new(at + 52);

    /// <summary>Who was charged for it: a <see cref="FaultMemcg"/>.</summary>
    public PlainPtr MemcgData => new(at + 56);

    /// <summary>The page whose <see cref="Lru"/> is at an address.</summary>
    public static FaultPage OfLru(nint link) => new(link - 8);

    /// <summary>The bits of <see cref="Flags"/> for a node.</summary>
    public static ulong FlagsOf(int node) => (ulong)node << 56;

    /// <summary>The node in <see cref="Flags"/>: <c>page_to_nid</c>.</summary>
    public static int NodeOf(ulong flags) => (int)(flags >> 56);
}

/// <summary>The content of a page.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by            read by
///      0   4096  Word   whoever clears it     user space
/// </code>
/// A slice has a few of them that its pages take turns with: as many as keep the second level of a cache from holding
/// them all, and not one for each page, so that memory does not grow.
/// </remarks>
public readonly struct PageContent(nint at) : IHandle
{
    /// <summary>Where they come from.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<PageContent>("page_content", SlabOptions.CacheLineAligned | SlabOptions.NoFail);

    /// <inheritdoc/>
    public static int Bytes => ICpuContext.PageBytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The first word.</summary>
    public PlainU64 Word => new(at);
}
