using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <summary>The pages of the machine from page frame 0 on, and the types of its pageblocks (<c>vmemmap</c>, and
/// <c>pageblock_flags</c> of its one section).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                    read by
///      0    256  Words  anybody, by compare exchange  anybody
///    256     64  Pages  see <see cref="Page"/>        one for each page frame
/// </code>
/// A pageblock has 4 bits: 3 for its type and the skip bit of compaction, which is not modelled. 16 blocks share a
/// word, and blocks of one word belong to no common lock: a change must leave the others' bits alone. A type changes
/// under the lock of the block's zone only; it may be read without it, and is then old at once.
/// Deviation: one section of at most 512 pageblocks.
/// Source: <c>mm/page_alloc.c</c>, <c>get_pfnblock_flags_mask</c>, <c>set_pfnblock_flags_mask</c>, v6.12.
/// </remarks>
public readonly partial struct MemMap(nint at) : IHandle
{
    /// <summary>Pageblocks that there is room for.</summary>
    public const int MaxBlocks = 512;

    private const int BlocksOfWord = 16;
    private const int BitsOfBlock = 4;
    private const ulong TypeMask = 7;
    private const int WordBytes = MaxBlocks * BitsOfBlock / 8;

    /// <inheritdoc/>
    public static int Bytes => WordBytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The first word of types.</summary>
    public AtomicU64 Word => new(at);

    /// <summary>How much memory it takes.</summary>
    /// <param name="pages">Page frames: a multiple of the largest buddy.</param>
    public static int BytesFor(int pages) => WordBytes + (pages * Page.Bytes);

    /// <summary>A page by its frame number (<c>pfn_to_page</c>).</summary>
    public Page PageAt(long pfn) => new(at + WordBytes + ((nint)pfn * Page.Bytes));

    /// <summary>The frame number of a page (<c>page_to_pfn</c>).</summary>
    public long Pfn(Page page) => (page.Address - at - WordBytes) / Page.Bytes;

    /// <summary>The type of a pageblock (<c>get_pfnblock_migratetype</c>).</summary>
    /// <remarks>Relaxed: exact under the zone's lock, and a guess without it.</remarks>
    public int Type<TCpu>(TCpu cpu, long block) where TCpu : struct, ICpu
        => (int)((cpu.ReadOnce(WordOf(block)) >> ShiftOf(block)) & TypeMask);

    /// <summary>Changes the type of a pageblock (<c>set_pageblock_migratetype</c>).</summary>
    /// <remarks>Context: the zone's lock. Relaxed: the lock orders it; the loop is for the neighbours in the word.
    /// </remarks>
    public void SetType<TCpu>(TCpu cpu, long block, int type) where TCpu : struct, ICpu
    {
        AtomicU64 word = WordOf(block);
        ulong before = cpu.ReadOnce(word);
        ulong seen;
        do
        {
            seen = before;
            ulong wanted = (seen & ~(TypeMask << ShiftOf(block))) | ((ulong)type << ShiftOf(block));
            before = cpu.CompareExchangeRelaxed(word, seen, wanted);
        }
        while (before != seen);
    }

    private static int ShiftOf(long block) => (int)(block % BlocksOfWord) * BitsOfBlock;

    private AtomicU64 WordOf(long block) => new(at + ((nint)(block / BlocksOfWord) * sizeof(ulong)));
}
