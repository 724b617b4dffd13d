namespace Stress.Mm.PageMetadata;

/// <summary>The sizes of a section and of what describes it.</summary>
/// <remarks>
/// Base pages of 4 KiB and 64 bytes of <c>struct page</c>, as on x86-64, so that a huge page of 2 MiB has 8 pages of
/// map. A section has two huge pages here; on x86-64 it has 64, and its map is one huge mapping likewise.
/// </remarks>
public static class SectionSize
{
    /// <summary>Base pages of a huge page of 2 MiB.</summary>
    public const long HugePages = 512;

    /// <summary>Pages of map for a huge page: 512 times 64 bytes.</summary>
    public const int FolioMapPages = 8;

    /// <summary>Huge pages in a section.</summary>
    public const int Folios = 2;

    /// <summary>Pages of map for a section.</summary>
    public const int MapPages = Folios * FolioMapPages;

    /// <summary>Pages of page_ext for a section, at 16 bytes for each base page.</summary>
    public const long ExtPages = 4;
}
