using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>The contents of a page. One stands for those of all pages of a slice, so what a fault zeroes is in the
/// CPU's caches mostly, where the kernel's page comes from memory.</summary>
/// <param name="at">Its first byte.</param>
public readonly struct PageData(nint at) : IHandle
{
    /// <summary>Pages.</summary>
    public static SlabCache Cache { get; } = SlabCache.For<PageData>("page_data", SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => ICpuContext.PageBytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Its first word.</summary>
    public PlainU64 First => new(at);
}
