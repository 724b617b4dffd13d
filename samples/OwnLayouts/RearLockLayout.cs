using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace OwnLayouts;

/// <summary>A layout of your own: the lock behind the last field, on the line of the VMA's policy.</summary>
/// <param name="at">Address of the VMA.</param>
[VmaLayout("rear-lock", Summary = "The lock is embedded behind the last field.")]
public readonly struct RearLockLayout(nint at) : IVmaLayout<RearLockLayout>
{
    /// <inheritdoc/>
    public static int Bytes => 216;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => true;

    /// <inheritdoc/>
    public static int LockOffset => 176;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } = SlabCache.For<VmAreaStruct<RearLockLayout>>(
        "vm_area_struct", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public RwSemaphore VmLock => new(at + 176, VmaLockClasses.VmLock);

    /// <inheritdoc/>
    public static RearLockLayout At(nint at) => new(at);
}
