using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>As <see cref="StockLayout"/>, but each lock starts a cache line of its own.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by              read by
///     48      8  VmLock  whoever allocates it    anybody, under RCU
/// </code>
/// </remarks>
[VmaLayout(
    "separate-aligned",
    Summary = "The lock is a slab object of its own, on a cache line of its own; the VMA is not aligned.",
    Source = "stock with SLAB_HWCACHE_ALIGN for vma_lock")]
public readonly struct SeparateAlignedLayout(nint at) : IVmaLayout<SeparateAlignedLayout>
{
    /// <inheritdoc/>
    public static int Bytes => 176;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => false;

    /// <inheritdoc/>
    public static int LockOffset => 48;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } =
        SlabCache.For<VmAreaStruct<SeparateAlignedLayout>>("vm_area_struct", SlabOptions.Zeroed);

    /// <inheritdoc/>
    public static SlabCache LockCache { get; } =
        SlabCache.For<VmaLock>("vma_lock", SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static SeparateAlignedLayout At(nint at) => new(at);

    /// <summary>The lock, a <see cref="VmaLock"/>.</summary>
    public PlainPtr VmLock => new(at + 48);
}
