using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The lock among the other fields, where the pointer to it was, and no alignment: as per-VMA locks were first
/// posted.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by          read by
///     48     40  VmLock  readers, writers    readers, writers
/// </code>
/// The fields behind it lie 32 bytes further than those of <see cref="VmAreaStruct{TLayout}"/>.
/// </remarks>
[VmaLayout(
    "embedded-unaligned",
    Summary = "The lock is embedded among the other fields, and the VMA is not aligned.",
    Source = "per-VMA locks before \"separate vma->lock from vm_area_struct\"")]
public readonly struct EmbeddedUnalignedLayout(nint at) : IVmaLayout<EmbeddedUnalignedLayout>
{
    /// <inheritdoc/>
    public static int Bytes => 208;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => true;

    /// <inheritdoc/>
    public static int LockOffset => 48;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } =
        SlabCache.For<VmAreaStruct<EmbeddedUnalignedLayout>>("vm_area_struct", SlabOptions.Zeroed);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static EmbeddedUnalignedLayout At(nint at) => new(at);

    /// <inheritdoc/>
    public static int OffsetOf(VmaField field) => field < VmaField.SharedRb ? (int)field : (int)field + 32;

    /// <summary>The lock itself.</summary>
    public RwSemaphore VmLock => new(at + 48, VmaLockClasses.VmLock);
}
