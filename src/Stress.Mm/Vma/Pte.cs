namespace Stress.Mm.Vma;

/// <summary>The bits of a page table entry, with x86's values; the rest is the address of the <see cref="Folio"/>.
/// </summary>
public static class Pte
{
    /// <summary>The entry maps a page.</summary>
    public const ulong Present = 0x1;

    /// <summary>The page may be written.</summary>
    public const ulong Writable = 0x2;

    private const ulong Bits = 0x3f;

    /// <summary>Bytes of a page.</summary>
    public const ulong PageBytes = 4096;

    /// <summary>The entry of a page.</summary>
    /// <param name="folio">Address of the page, on a line of its own.</param>
    /// <param name="protection">0 or <see cref="Writable"/>.</param>
    public static ulong Of(nint folio, ulong protection) => (ulong)folio | Present | protection;

    /// <summary>The page of an entry.</summary>
    public static nint Folio(ulong entry) => (nint)(entry & ~Bits);

    /// <summary>Whether the entry maps a page that may be written.</summary>
    public static bool IsWritable(ulong entry) => (entry & (Present | Writable)) == (Present | Writable);
}
