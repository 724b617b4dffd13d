using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <summary>A section of memory and its map: <c>struct mem_section</c>, and what the map lies in.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                               read by
///      0      8  SectionMemMap  holder of the hotplug lock               anybody
///      8      8  Usage          holder of the hotplug lock               pfn_valid, in a read section
///     16      8  PageExt        holder of the hotplug lock               page_ext_get, in a read section
///     24      8  Pmd            holder of init_mm.page_table_lock        whoever looks at a struct page
///     32    128  Leaf           holder of the hotplug lock               whoever looks at a struct page
///    160     16  Folio          the owner of the huge page, atomically   the owner of the huge page
///    176      8  FolioState     holder of hugetlb_lock                   holder of hugetlb_lock
///    184      4  Node           holder of the hotplug lock               holder of the hotplug lock
/// </code>
/// Pmd is 0 without a map, <see cref="HugeMapping"/> while the map is one block, whose pages are then in Leaf, or the
/// address of a <see cref="PteTable"/>. Without a virtual memory map it stays a block.
/// Source: <c>include/linux/mmzone.h</c>, v6.12; Pmd, Leaf, Folio and FolioState are elsewhere there.
/// </remarks>
public readonly struct MemSection(nint at) : IHandle
{
    /// <summary>Bit of <see cref="SectionMemMap"/>: exists (<c>SECTION_MARKED_PRESENT</c>).</summary>
    public const ulong Present = 1;

    /// <summary>Bit of <see cref="SectionMemMap"/>: has struct pages (<c>SECTION_HAS_MEM_MAP</c>).</summary>
    public const ulong HasMemMap = 2;

    /// <summary>Bit of <see cref="SectionMemMap"/>: in use (<c>SECTION_IS_ONLINE</c>).</summary>
    public const ulong Online = 4;

    /// <summary>Bit of <see cref="SectionMemMap"/>: there since boot (<c>SECTION_IS_EARLY</c>).</summary>
    public const ulong Early = 8;

    /// <summary>Value of <see cref="Pmd"/>: one huge mapping.</summary>
    public const nint HugeMapping = 1;

    /// <summary>Bit of <see cref="PageExt"/>: about to be freed (<c>PAGE_EXT_INVALID</c>).</summary>
    public const nint ExtInvalid = 1;

    /// <summary>Bit of <see cref="Folio"/>: its map is optimised (<c>HPG_vmemmap_optimized</c>).</summary>
    public const ulong Optimized = 1;

    /// <summary>Value of <see cref="FolioState"/>: not there.</summary>
    public const uint Absent = 0;

    /// <summary>Value of <see cref="FolioState"/>: free, in the pool.</summary>
    public const uint Free = 1;

    /// <summary>Value of <see cref="FolioState"/>: in somebody's hands.</summary>
    public const uint Taken = 2;

    /// <inheritdoc/>
    public static int Bytes => 192;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>What there is (<c>section_mem_map</c>).</summary>
    public AtomicU64 SectionMemMap => new(at);

    /// <summary>The <see cref="SectionUsage"/>, or 0.</summary>
    public AtomicPtr Usage => new(at + 8);

    /// <summary>The <see cref="PageBlock"/> with the section's page_ext, or 0; bit 0 is <see cref="ExtInvalid"/>.
    /// </summary>
    public AtomicPtr PageExt => new(at + 16);

    /// <summary>How the map is mapped.</summary>
    public AtomicPtr Pmd => new(at + 24);

    /// <summary>The section's node.</summary>
    public PlainS32 Node => new(at + 184);

    /// <summary>A page of the block that the map was allocated as.</summary>
    /// <param name="index">From 0 to <see cref="SectionSize.MapPages"/> less one.</param>
    public PlainPtr Leaf(int index) => new(at + 32 + (8 * index));

    /// <summary>The hugetlb flags of a huge page.</summary>
    /// <param name="folio">0 or 1.</param>
    public AtomicU64 Folio(int folio) => new(at + 160 + (8 * folio));

    /// <summary>Who has a huge page.</summary>
    /// <param name="folio">0 or 1.</param>
    public PlainU32 FolioState(int folio) => new(at + 176 + (4 * folio));
}
