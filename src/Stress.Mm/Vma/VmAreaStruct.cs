using System.Runtime.CompilerServices;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>One mapped range of an address space: <c>struct vm_area_struct</c>, v6.10 to v6.12.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field                 written by                          read by
///      0      8  VmStart               holder of the VMA for writing       a locker in any mode
///      8      8  VmEnd                 holder of the VMA for writing       a locker in any mode
///      0     16  VmRcu                 call_rcu, once nobody can lock it   the RCU worker; overlays the two above
///     16      8  VmMm                  vm_area_alloc                       anybody, under RCU
///     24      8  VmPageProt            holder of the VMA for writing       a locker in any mode
///     32      8  VmFlags               holder of the VMA for writing       a locker in any mode
///     40      1  Detached              holder of the VMA for writing       a locker in any mode
///     44      4  VmLockSeq             vma_start_write                     anybody, under RCU, as a hint
///     48      8  Layout                the lock or what leads to it: see the layouts
///     56     32  SharedRb…             not used here
///     88     16  AnonVmaChain…         holder of anon_vma and mmap_lock    the same
///    104      8  AnonVma               mmap_lock and page_table_lock       a locker in any mode
///    112      8  VmOps                 before it is published              a locker in any mode
///    120      8  VmPgoff               holder of the VMA for writing       a locker in any mode
///    128      8  VmFile                before it is published              a locker in any mode
///    136      8  VmPrivateData         not used here
///    144      8  SwapReadaheadInfo     not used here
///    152      8  VmPolicy              before it is published              a locker in any mode
///    160      8  NumabState            not used here
///    168      8  UserfaultfdCtx        not used here
/// </code>
/// The offsets are those of v6.12; a layout may have others (<see cref="IVmaLayout{TSelf}.OffsetOf"/>).
/// Until a reader has locked a VMA it may touch VmMm, VmLockSeq, the lock and Detached only: the rest may be
/// changing or, from offset 0, be the RCU head of a VMA that is on its way out.
/// </remarks>
/// <typeparam name="TLayout">Where the lock is.</typeparam>
public readonly partial struct VmAreaStruct<TLayout>(nint at) : IHandle
    where TLayout : struct, IVmaLayout<TLayout>
{
    /// <inheritdoc/>
    public static int Bytes => TLayout.Bytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>First byte of the range (<c>vm_start</c>).</summary>
    public PlainU64 VmStart => new(at + TLayout.OffsetOf(VmaField.VmStart));

    /// <summary>First byte behind the range (<c>vm_end</c>).</summary>
    public PlainU64 VmEnd => new(at + TLayout.OffsetOf(VmaField.VmStart) + 8);

    /// <summary>What queues the VMA for its grace period, over the address range that nobody reads any more.</summary>
    public RcuHead VmRcu => new(at + TLayout.OffsetOf(VmaField.VmStart));

    /// <summary>The address space that it belongs to, for its whole life.</summary>
    public PlainPtr VmMm => new(at + TLayout.OffsetOf(VmaField.VmMm));

    /// <summary>Protection bits that its PTEs get: <see cref="Pte.Writable"/> or nothing.</summary>
    public PlainU64 VmPageProt => new(at + TLayout.OffsetOf(VmaField.VmPageProt));

    /// <summary>Bits of <see cref="VmFlag"/>.</summary>
    public PlainU64 VmFlags => new(at + TLayout.OffsetOf(VmaField.VmFlags));

    /// <summary>1 once it has been taken out of the tree.</summary>
    public PlainU8 Detached => new(at + TLayout.OffsetOf(VmaField.Detached));

    /// <summary>The value of <see cref="MmStruct.MmLockSeq"/> at its last write lock. While the two are equal, it is
    /// write-locked; all ones at first.</summary>
    public AtomicU32 VmLockSeq => new(at + TLayout.OffsetOf(VmaField.VmLockSeq));

    /// <summary>The fields in which the layouts differ: where the lock is.</summary>
    public TLayout Layout => TLayout.At(at);

    /// <summary>Reverse mapping of files: first link.</summary>
    public PlainPtr SharedRbParent => new(at + TLayout.OffsetOf(VmaField.SharedRb));

    /// <summary>Reverse mapping of files: second link.</summary>
    public PlainPtr SharedRbRight => new(at + TLayout.OffsetOf(VmaField.SharedRb) + 8);

    /// <summary>Reverse mapping of files: third link.</summary>
    public PlainPtr SharedRbLeft => new(at + TLayout.OffsetOf(VmaField.SharedRb) + 16);

    /// <summary>Reverse mapping of files: last page of the subtree.</summary>
    public PlainU64 SharedRbSubtreeLast => new(at + TLayout.OffsetOf(VmaField.SharedRb) + 24);

    /// <summary>First link of its chain; here, its only one.</summary>
    public PlainPtr AnonVmaChainNext => new(at + TLayout.OffsetOf(VmaField.AnonVmaChain));

    /// <summary>Last link of its chain.</summary>
    public PlainPtr AnonVmaChainPrev => new(at + TLayout.OffsetOf(VmaField.AnonVmaChain) + 8);

    /// <summary>What its anonymous pages belong to; 0 before the first of them.</summary>
    public AtomicPtr AnonVma => new(at + TLayout.OffsetOf(VmaField.AnonVma));

    /// <summary>0 for an anonymous VMA, the only kind here.</summary>
    public PlainPtr VmOps => new(at + TLayout.OffsetOf(VmaField.VmOps));

    /// <summary>Offset of the range in its file or in the anonymous numbering, in pages.</summary>
    public PlainU64 VmPgoff => new(at + TLayout.OffsetOf(VmaField.VmPgoff));

    /// <summary>The mapped file; 0 here.</summary>
    public PlainPtr VmFile => new(at + TLayout.OffsetOf(VmaField.VmFile));

    /// <summary>The driver's.</summary>
    public PlainPtr VmPrivateData => new(at + TLayout.OffsetOf(VmaField.VmPrivateData));

    /// <summary>Swap read-ahead statistics.</summary>
    public AtomicU64 SwapReadaheadInfo => new(at + TLayout.OffsetOf(VmaField.SwapReadaheadInfo));

    /// <summary>NUMA policy; 0 for the task's.</summary>
    public PlainPtr VmPolicy => new(at + TLayout.OffsetOf(VmaField.VmPolicy));

    /// <summary>NUMA balancing state.</summary>
    public PlainPtr NumabState => new(at + TLayout.OffsetOf(VmaField.NumabState));

    /// <summary>The userfaultfd context.</summary>
    public PlainPtr UserfaultfdCtx => new(at + TLayout.OffsetOf(VmaField.UserfaultfdCtx));

    /// <summary>The lock, wherever the layout puts it: one load more where it is an object of its own.</summary>
    /// <remarks>Not where it is a reference count.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RwSemaphore VmLock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(
            TLayout.IsLockEmbedded
                ? at + TLayout.LockOffset
                : cpu.Read(new PlainPtr(at + TLayout.LockOffset)),
            VmaLockClasses.VmLock);
}
