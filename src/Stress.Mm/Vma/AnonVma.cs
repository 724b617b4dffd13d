using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>What the anonymous pages of related VMAs belong to: <c>struct anon_vma</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                read by
///      0      8  Root           anon_vma_alloc            whoever locks it
///      8     40  Rwsem          -                         -
///     48      4  RefCount       whoever pins it           the same
///     56      8  NumChildren    not used here
///     64      8  NumActiveVmas  holder of Rwsem           holder of Rwsem
///     72      8  Parent         not used here
///     80     16  RbRoot…        not used here
/// </code>
/// Deviations: reverse mapping is not modelled, so its tree stays empty, nobody looks an anon_vma up from a page, and
/// its memory is an ordinary slab object and not type-stable. A VMA has one anon_vma and one link to it.
/// </remarks>
public readonly partial struct AnonVma(nint at) : IHandle
{
    /// <summary>The kernel's cache of them.</summary>
    public static SlabCache Cache { get; } = SlabCache.For<AnonVma>("anon_vma", SlabOptions.Zeroed);

    /// <inheritdoc/>
    public static int Bytes => 96;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The oldest ancestor; itself here.</summary>
    public PlainPtr Root => new(at);

    /// <summary>Guards the links of VMAs to it.</summary>
    public RwSemaphore Rwsem => new(at + 8, VmaLockClasses.AnonVma);

    /// <summary>References to it.</summary>
    public AtomicS32 RefCount => new(at + 48);

    /// <summary>Its children after forks.</summary>
    public PlainU64 NumChildren => new(at + 56);

    /// <summary>VMAs whose pages go to it.</summary>
    public PlainU64 NumActiveVmas => new(at + 64);

    /// <summary>What it was forked from.</summary>
    public PlainPtr Parent => new(at + 72);

    /// <summary>Root of the tree of links.</summary>
    public PlainPtr RbRoot => new(at + 80);

    /// <summary>Leftmost link of the tree.</summary>
    public PlainPtr RbLeftmost => new(at + 88);

    /// <summary>Makes one with one reference: <c>anon_vma_alloc</c>.</summary>
    /// <returns>Address 0 without memory.</returns>
    public static AnonVma Make<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        AnonVma made = new(cpu.Alloc(Cache));
        if (made.Address != 0)
        {
            cpu.Write(made.Root, made.Address);
            made.Rwsem.Initialize(cpu);
            cpu.Write(made.RefCount, 1);
        }

        return made;
    }

    /// <summary>Gives a reference up: <c>put_anon_vma</c>.</summary>
    public void Put<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.FetchAdd(RefCount, -1) == 1)
        {
            cpu.Free(Cache, at);
        }
    }
}

/// <summary>The link between a VMA and an anon_vma: <c>struct anon_vma_chain</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field            written by             read by
///      0      8  Vma              whoever links it       holder of the anon_vma
///      8      8  AnonVma          whoever links it       holder of mmap_lock
///     16     16  SameVma…         not used here: a VMA has one
///     32     24  Rb…              not used here
///     56      8  RbSubtreeLast    not used here
/// </code>
/// </remarks>
public readonly struct AnonVmaChain(nint at) : IHandle
{
    /// <summary>The kernel's cache of them.</summary>
    public static SlabCache Cache { get; } = SlabCache.For<AnonVmaChain>("anon_vma_chain", SlabOptions.Zeroed);

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>One end.</summary>
    public PlainPtr Vma => new(at);

    /// <summary>The other end.</summary>
    public PlainPtr AnonVma => new(at + 8);

    /// <summary>Next link of the VMA.</summary>
    public PlainPtr SameVmaNext => new(at + 16);

    /// <summary>Previous link of the VMA.</summary>
    public PlainPtr SameVmaPrev => new(at + 24);

    /// <summary>First link of its tree node.</summary>
    public PlainPtr RbParent => new(at + 32);

    /// <summary>Second link of its tree node.</summary>
    public PlainPtr RbRight => new(at + 40);

    /// <summary>Third link of its tree node.</summary>
    public PlainPtr RbLeft => new(at + 48);

    /// <summary>Last page of the subtree.</summary>
    public PlainU64 RbSubtreeLast => new(at + 56);
}
