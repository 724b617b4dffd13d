using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The VMA of v6.15: the lock is a reference count of 4 bytes on the third cache line.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by          read by
///    128      4  VmRefcnt  readers, writers    readers, writers
/// </code>
/// The other fields are where <see cref="RefcountVma"/> has them. There is no mark for a detached VMA: its count is 0.
/// The memory is type-stable and recycled at once.
/// </remarks>
[VmaLayout(
    "refcount",
    Summary = "The lock is a reference count on the third cache line; the VMA is aligned to lines, and recycled at once.",
    Source = "v6.15")]
public readonly struct RefcountLayout(nint at) : IVmaLayout<RefcountLayout>
{
    /// <inheritdoc/>
    public static int Bytes => RefcountVma.Bytes;

    /// <inheritdoc/>
    public static bool IsLockEmbedded => true;

    /// <inheritdoc/>
    public static bool IsReferenceCount => true;

    /// <inheritdoc/>
    public static int LockOffset => 128;

    /// <inheritdoc/>
    public static SlabCache Cache { get; } = SlabCache.For<VmAreaStruct<RefcountLayout>>(
        "vm_area_struct",
        SlabOptions.Zeroed | SlabOptions.CacheLineAligned | SlabOptions.TypesafeByRcu);

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc/>
    public static RefcountLayout At(nint at) => new(at);

    /// <inheritdoc/>
    public static int OffsetOf(VmaField field) => field switch
    {
        VmaField.Detached => -1,
        VmaField.VmLockSeq => 40,
        VmaField.SharedRb => 136,
        VmaField.UserfaultfdCtx => 168,
        < VmaField.SharedRb => (int)field,
        _ => (int)field - 40,
    };

    /// <summary>The lock.</summary>
    public AtomicU32 VmRefcnt => new(at + 128);
}
