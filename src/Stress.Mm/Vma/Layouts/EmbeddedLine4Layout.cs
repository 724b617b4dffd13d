using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The VMA of the RFC "align vma allocation and move the lock back into the struct": the lock alone on the
/// fourth cache line.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by          read by
///     48      8  VmDummy  nobody              nobody
///    192     40  VmLock   readers, writers    readers, writers
/// </code>
/// The dummy pointer keeps the offsets of all other fields, which are those of <see cref="VmAreaStruct{TLayout}"/>.
/// The cache has <c>SLAB_HWCACHE_ALIGN</c>.
/// </remarks>
[VmaLayout(
    "embedded-line4",
    Summary = "The lock is embedded in the VMA, alone on its fourth cache line; the VMA is aligned to lines.",
    Source = "RFC \"vm: align vma allocation and move the lock back into the struct\"")]
public readonly struct EmbeddedLine4Layout(nint at) : IVmaLayout<EmbeddedLine4Layout>
{
    /// <inheritdoc/>
    public static int Bytes => 256;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => true;

    /// <inheritdoc/>
    public static int LockOffset => 192;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } = SlabCache.For<VmAreaStruct<EmbeddedLine4Layout>>(
        "vm_area_struct",
        SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static EmbeddedLine4Layout At(nint at) => new(at);

    /// <summary>Where the pointer to the lock was; without a meaning.</summary>
    public PlainPtr VmDummy => new(at + 48);

    /// <summary>The lock itself.</summary>
    public RwSemaphore VmLock => new(at + 192, VmaLockClasses.VmLock);
}
