using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The VMA of v6.10 to v6.12: the lock is a slab object of its own that the VMA points to.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by              read by
///     48      8  VmLock  whoever allocates it    anybody, under RCU
/// </code>
/// The other fields are those of <see cref="VmAreaStruct{TLayout}"/>. No alignment: VMAs drift over the lines.
/// </remarks>
[VmaLayout(
    "stock",
    Summary = "As merged: the lock is a slab object of its own, and neither it nor the VMA is aligned.",
    Source = "v6.12")]
public readonly struct StockLayout(nint at) : IVmaLayout<StockLayout>
{
    /// <inheritdoc/>
    public static int Bytes => 176;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => false;

    /// <inheritdoc/>
    public static int LockOffset => 48;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } =
        SlabCache.For<VmAreaStruct<StockLayout>>("vm_area_struct", SlabOptions.Zeroed);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static StockLayout At(nint at) => new(at);

    /// <summary>The lock, a <see cref="VmaLock"/>.</summary>
    public PlainPtr VmLock => new(at + 48);
}
