using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>One range of huge pages in a reservation map, or a spare entry in its cache (<c>struct file_region</c>).
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by               read by
///      0     16  Link   holder of ResvMap.Lock   holder of ResvMap.Lock
///     16      8  From   holder of ResvMap.Lock   holder of ResvMap.Lock
///     24      8  To     holder of ResvMap.Lock   holder of ResvMap.Lock
/// </code>
/// Half open, in huge pages from the start of the file. Source: <c>mm/hugetlb.c</c>, v6.12, without cgroups.
/// </remarks>
public readonly struct FileRegion(nint at) : IHandle
{
    /// <summary>The objects (<c>kmalloc(sizeof(struct file_region))</c>).</summary>
    public static readonly SlabCache Cache = SlabCache.For<FileRegion>("file_region");

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Place in the map's list of regions or of spare entries.</summary>
    public ListHead Link => new(at);

    /// <summary>First page.</summary>
    public PlainS64 From => new(at + 16);

    /// <summary>First page behind the range.</summary>
    public PlainS64 To => new(at + 24);
}

/// <summary>A <see cref="FileRegion"/> that knows who pays for it (<c>struct file_region</c> with cgroups).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by               read by
///      0     32  Region   see there                see there
///     32      8  Counter  not modelled
///     40      8  Css      holder of ResvMap.Lock   holder of ResvMap.Lock
/// </code>
/// Source: <c>mm/hugetlb.c</c>, v6.12, <c>CONFIG_CGROUP_HUGETLB</c>.
/// </remarks>
public readonly struct ChargedFileRegion(nint at) : IHandle
{
    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<ChargedFileRegion>("file_region_charged");

    /// <inheritdoc/>
    public static int Bytes => 48;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Links and range.</summary>
    public FileRegion Region => new(at);

    /// <summary>The <see cref="HugetlbCgroup"/> whose reference the region owns; 0 when nobody pays.</summary>
    public PlainPtr Css => new(at + 40);
}
