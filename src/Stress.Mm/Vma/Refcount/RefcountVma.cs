using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The VMA of v6.15 and later, whose lock is a reference count: <c>struct vm_area_struct</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                      read by
///      0      8  VmStart        holder for writing              holder of a reference
///      8      8  VmEnd          holder for writing              holder of a reference
///     16      8  VmMm           vm_area_alloc, at each reuse    holder of a reference
///     24      8  VmPageProt     not used here
///     32      8  VmFlags        not used here
///     40      4  VmLockSeq      vma_start_write                 anybody, as a hint
///     48     16  AnonVmaChain…  not used here
///     64      8  AnonVma        not used here
///     72      8  VmOps          not used here
///     80      8  VmPgoff        not used here
///     88      8  VmFile         not used here
///     96      8  VmPrivateData  not used here
///    104     24  (optional)     not used here
///    128      4  VmRefcnt       readers, writers                readers, writers
///    136     32  SharedRb…      not used here
/// </code>
/// VmRefcnt: 0 detached; 1 in the tree and idle; 1 + n read by n; <see cref="LockOffset"/> on top while a writer waits
/// or holds it.
/// The memory is type-stable and recycled at once, so a reference may turn out to be one to another address space's VMA.
/// Source: include/linux/mm_types.h, v6.15.
/// </remarks>
public readonly struct RefcountVma(nint at) : IHandle
{
    /// <summary>What a writer adds (<c>VMA_LOCK_OFFSET</c>).</summary>
    public const uint LockOffset = 0x40000000;

    /// <summary>The kernel's cache of them: aligned to lines and type-safe by RCU.</summary>
    public static SlabCache Cache { get; } = SlabCache.For<RefcountVma>(
        "vm_area_struct", SlabOptions.CacheLineAligned | SlabOptions.TypesafeByRcu);

    /// <inheritdoc/>
    public static int Bytes => 192;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>First byte of the range.</summary>
    public PlainU64 VmStart => new(at);

    /// <summary>First byte behind the range.</summary>
    public PlainU64 VmEnd => new(at + 8);

    /// <summary>The address space that it belongs to in this life.</summary>
    public AtomicPtr VmMm => new(at + 16);

    /// <summary>Protection bits.</summary>
    public PlainU64 VmPageProt => new(at + 24);

    /// <summary>Bits of <see cref="VmFlag"/>.</summary>
    public PlainU64 VmFlags => new(at + 32);

    /// <summary>The number of the write section that last locked it; all ones at first.</summary>
    public AtomicU32 VmLockSeq => new(at + 40);

    /// <summary>First link of its chain.</summary>
    public PlainPtr AnonVmaChainNext => new(at + 48);

    /// <summary>Last link of its chain.</summary>
    public PlainPtr AnonVmaChainPrev => new(at + 56);

    /// <summary>What its anonymous pages belong to.</summary>
    public AtomicPtr AnonVma => new(at + 64);

    /// <summary>0 for an anonymous VMA.</summary>
    public PlainPtr VmOps => new(at + 72);

    /// <summary>Offset of the range, in pages.</summary>
    public PlainU64 VmPgoff => new(at + 80);

    /// <summary>The mapped file.</summary>
    public PlainPtr VmFile => new(at + 88);

    /// <summary>The driver's.</summary>
    public PlainPtr VmPrivateData => new(at + 96);

    /// <summary>The lock, on the third cache line.</summary>
    public AtomicU32 VmRefcnt => new(at + 128);

    /// <summary>Reverse mapping of files: first of four words.</summary>
    public PlainPtr SharedRbParent => new(at + 136);
}
