using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The lock embedded, and alone on a pair of cache lines, which is what the adjacent-line prefetcher fetches.
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by          read by
///     48      8  VmDummy  nobody              nobody
///    256     40  VmLock   readers, writers    readers, writers
/// </code>
/// The dummy pointer keeps the offsets of all other fields. The line behind the lock's is empty.
/// </remarks>
[VmaLayout(
    "embedded-pair",
    Summary = "The lock is embedded in the VMA, alone on a pair of cache lines; the VMA is aligned to pairs.",
    Source = "embedded-line4 for the adjacent-line prefetcher")]
public readonly struct EmbeddedPairLayout(nint at) : IVmaLayout<EmbeddedPairLayout>
{
    /// <inheritdoc/>
    public static int Bytes => 384;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => true;

    /// <inheritdoc/>
    public static int LockOffset => 256;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } = SlabCache.For<VmAreaStruct<EmbeddedPairLayout>>(
        "vm_area_struct",
        SlabOptions.Zeroed | SlabOptions.LinePairAligned);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static EmbeddedPairLayout At(nint at) => new(at);

    /// <summary>Where the pointer to the lock was; without a meaning.</summary>
    public PlainPtr VmDummy => new(at + 48);

    /// <summary>The lock itself.</summary>
    public RwSemaphore VmLock => new(at + 256, VmaLockClasses.VmLock);
}
