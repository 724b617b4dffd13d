using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>One anonymous page: the parts of <c>struct folio</c> that a fault writes, and a word of its content.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by                        read by
///      0      8  Flags     whoever makes it                  anybody
///     24      8  Mapping   holder of its PTE's lock          anybody
///     32      8  Index     holder of its PTE's lock          anybody
///     48      4  MapCount  holders of PTE locks              holders of PTE locks
///     52      4  RefCount  whoever pins it                   the same
///     64      8  Content   user space, see UserWrite         user space, fork
/// </code>
/// Deviation: the first word of the page stands on the line behind its descriptor.
/// </remarks>
public readonly partial struct Folio(nint at) : IHandle
{
    /// <summary>Bit of <see cref="Flags"/>: the content is valid.</summary>
    public const ulong Uptodate = 1ul << 3;

    /// <summary>Bit of <see cref="Flags"/>: used recently.</summary>
    public const ulong Active = 1ul << 8;

    /// <summary>Bit of <see cref="Mapping"/>: it holds an anon_vma.</summary>
    public const nint MappingAnon = 1;

    /// <summary>Where pages come from.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<Folio>("folio", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Page flags.</summary>
    public PlainU64 Flags => new(at);

    /// <summary>The anon_vma, with bit <see cref="MappingAnon"/>.</summary>
    public PlainPtr Mapping => new(at + 24);

    /// <summary>Its number in the mapping, in pages.</summary>
    public PlainU64 Index => new(at + 32);

    /// <summary>PTEs that map it.</summary>
    public AtomicS32 MapCount => new(at + 48);

    /// <summary>References to it.</summary>
    public AtomicS32 RefCount => new(at + 52);

    /// <summary>The first word of the page.</summary>
    public PlainU64 Content => new(at + 64);

    /// <summary>Gives a reference up: <c>folio_put</c>.</summary>
    public void Put<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Fully ordered: whoever drops the last reference sees what the others did with the page.
        if (cpu.FetchAdd(RefCount, -1) == 1)
        {
            cpu.Free(Cache, at);
        }
    }
}
