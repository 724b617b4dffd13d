using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The lock of one VMA where it is an object of its own: <c>struct vma_lock</c>, v6.4 to v6.13.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by         read by
///      0     40  Lock   readers, writers   readers, writers
/// </code>
/// The cache is not aligned to lines, so that two unrelated VMAs share one: objects lie at 0, 40, 80, 120, …
/// </remarks>
public readonly struct VmaLock(nint at) : IHandle
{
    /// <summary>The kernel's cache of them, without <c>SLAB_HWCACHE_ALIGN</c>.</summary>
    public static SlabCache Cache { get; } = SlabCache.For<VmaLock>("vma_lock");

    /// <inheritdoc/>
    public static int Bytes => 40;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Held for reading by faults; taken for writing only for the moment that marks the VMA.</summary>
    public RwSemaphore Lock => new(at, VmaLockClasses.VmLock);
}
