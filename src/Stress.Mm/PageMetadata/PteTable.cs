using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <summary>The kernel's page table for the map of one section, once that is no longer one huge mapping.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                                                 read by
///      0    128  Pte    whoever makes the table; then the owner of the huge page   whoever looks at a struct page
/// </code>
/// An entry is the address of a <see cref="PageFrame"/>, with bit 0 set when it is writable.
/// </remarks>
public readonly struct PteTable(nint at) : IHandle
{
    /// <summary>Bit of an entry: mapped <c>PAGE_KERNEL</c>, not <c>PAGE_KERNEL_RO</c>.</summary>
    public const nint Writable = 1;

    /// <summary>The tables.</summary>
    public static readonly SlabCache Cache = SlabCache.For<PteTable>("pte_table");

    /// <inheritdoc/>
    public static int Bytes => 8 * SectionSize.MapPages;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>An entry.</summary>
    /// <param name="index">From 0 to <see cref="SectionSize.MapPages"/> less one.</param>
    public AtomicPtr Pte(int index) => new(at + (8 * index));

    /// <summary>The page of an entry (<c>pte_page</c>).</summary>
    public static PageFrame PageOf(nint pte) => new(pte & ~Writable);
}
