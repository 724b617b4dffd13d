using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>A page frame: <c>struct page</c>, as a fault and the LRU use it, v6.12.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by                                  read by
///      0      8  Flags     the owner                                   anybody
///      8     16  Lru       holder of the lock of the list that it is in
///     24      8  Mapping   whoever maps it                             the same
///     32      8  Index     whoever maps it                             the same
///     48      4  MapCount  whoever maps it                             the same
///     52      4  RefCount  whoever takes a reference                   the same
///     56      8  Memcg     whoever charges it                          whoever uncharges it
/// </code>
/// </remarks>
/// <param name="at">Address of the struct.</param>
public readonly struct PageFrame(nint at) : IHandle
{
    /// <summary>Where the kernel's array of them would lie.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<PageFrame>("page", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Bits such as <c>PG_uptodate</c>.</summary>
    public PlainU64 Flags => new(at);

    /// <summary>Its place in a list: free, of a CPU, or of an LRU list.</summary>
    public ListHead Lru => new(at + 8);

    /// <summary>The anon_vma.</summary>
    public PlainPtr Mapping => new(at + 24);

    /// <summary>Its page in the mapping.</summary>
    public PlainU64 Index => new(at + 32);

    /// <summary>How often it is mapped.</summary>
    public AtomicS32 MapCount => new(at + 48);

    /// <summary>References.</summary>
    public AtomicS32 RefCount => new(at + 52);

    /// <summary>Who was charged for it: a <see cref="MemCgroup"/>.</summary>
    public PlainPtr Memcg => new(at + 56);

    /// <summary>The frame whose <see cref="Lru"/> is at an address.</summary>
    public static PageFrame OfLru(nint link) => new(link - 8);
}
