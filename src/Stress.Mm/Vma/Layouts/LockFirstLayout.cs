using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The lock at the very beginning of an aligned VMA, on one line with what every lookup reads.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by          read by
///      0     40  VmLock  readers, writers    readers, writers
/// </code>
/// The fields that were before the pointer to the lock lie 40 bytes further, those behind it 32.
/// </remarks>
[VmaLayout(
    "lock-first",
    Summary = "The lock is embedded at the beginning of the VMA, before what every lookup reads; aligned to lines.",
    Source = "the opposite of embedded-line4: no line for the lock")]
public readonly struct LockFirstLayout(nint at) : IVmaLayout<LockFirstLayout>
{
    /// <inheritdoc/>
    public static int Bytes => 208;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => true;

    /// <inheritdoc/>
    public static int LockOffset => 0;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } = SlabCache.For<VmAreaStruct<LockFirstLayout>>(
        "vm_area_struct",
        SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static LockFirstLayout At(nint at) => new(at);

    /// <inheritdoc/>
    public static int OffsetOf(VmaField field) => (int)field + (field < VmaField.SharedRb ? 40 : 32);

    /// <summary>The lock itself.</summary>
    public RwSemaphore VmLock => new(at, VmaLockClasses.VmLock);
}
