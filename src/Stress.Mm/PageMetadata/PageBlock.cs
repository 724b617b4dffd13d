using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <summary>Pages of metadata that are allocated and freed as one: a table of page_ext, or a map of FLATMEM.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                                read by
///      0      8  Flags  whoever allocates it                      whoever frees it
///      8      8  Pages  whoever allocates it                      whoever frees it, audits
///     16      8  Entry  whoever found it, atomically              the same
/// </code>
/// Flags is <c>page->flags</c> of its first page, as in <see cref="PageFrame.Flags"/>. Entry stands for all entries of
/// a table. Source: <c>mm/page_ext.c</c>, v6.12.
/// </remarks>
public readonly partial struct PageBlock(nint at) : IHandle
{
    /// <summary>Tables of page_ext.</summary>
    public static readonly SlabCache ExtCache = SlabCache.For<PageBlock>("page_ext");

    /// <summary>Maps of FLATMEM, from memblock.</summary>
    public static readonly SlabCache MapCache = SlabCache.For<PageBlock>("node_mem_map");

    /// <inheritdoc/>
    public static int Bytes => 24;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Node and origin of its first page.</summary>
    public AtomicU64 Flags => new(at);

    /// <summary>How many pages it has.</summary>
    public PlainS64 Pages => new(at + 8);

    /// <summary>An entry.</summary>
    public AtomicU64 Entry => new(at + 16);

    /// <summary>The node of its first page: <c>page_pgdat</c>.</summary>
    public int Node<TCpu>(TCpu cpu) where TCpu : struct, ICpu => PageFrame.NodeOf(cpu, cpu.Read(Flags));

    /// <summary>Whether it came from memblock.</summary>
    public bool IsReserved<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => (cpu.Read(Flags) & PageFrame.Reserved) != 0;

    /// <summary>Makes one.</summary>
    /// <returns>The block; its address is 0 without memory.</returns>
    public static PageBlock Create<TCpu>(TCpu cpu, SlabCache cache, ulong flags, long pages)
        where TCpu : struct, ICpu
    {
        PageBlock block = new(cpu.Alloc(cache));
        if (block.Address != 0)
        {
            cpu.Write(block.Flags, flags);
            cpu.Write(block.Pages, pages);
            cpu.Write(block.Entry, 0ul);
        }

        return block;
    }
}
