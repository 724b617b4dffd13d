using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The part of <c>struct mm_struct</c> that the reference counts of v6.15 need.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                       read by
///      0      4  MmCount        whoever pins the struct          the same
///     72      8  MaRoot         holder of mmap_lock for writing  anybody, under RCU
///    168     40  MmapLock       -                                -
///    224      8  VmaWriterWait  the writer                       readers that leave
///    232      4  MmLockSeq      holder of mmap_lock for writing  anybody
/// </code>
/// Deviation: the tree holds one VMA at most, and its root is that VMA.
/// </remarks>
public readonly partial struct RefcountMm(nint at) : IHandle
{
    /// <summary>The kernel's cache of them.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<RefcountMm>("mm_struct", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 256;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>References to the struct.</summary>
    public AtomicS32 MmCount => new(at);

    /// <summary>The one VMA, or 0.</summary>
    public AtomicPtr MaRoot => new(at + 72);

    /// <summary>Guards the tree and all VMAs.</summary>
    public RwSemaphore MmapLock => new(at + 168, VmaLockClasses.MmapLock);

    /// <summary>The task that waits for readers to leave, or 0: a <c>struct rcuwait</c>. There is one writer only.
    /// </summary>
    public AtomicPtr VmaWriterWait => new(at + 224);

    /// <summary>Number of the write section: odd while mmap_lock is held for writing.</summary>
    public AtomicU32 MmLockSeq => new(at + 232);

    /// <summary>Makes one with one reference and nothing mapped: <c>mm_alloc</c>.</summary>
    /// <returns>Address 0 without memory.</returns>
    public static RefcountMm Make<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        RefcountMm made = new(cpu.Alloc(Cache));
        if (made.Address != 0)
        {
            cpu.Write(made.MmCount, 1);
            made.MmapLock.Initialize(cpu);
        }

        return made;
    }

    /// <summary>Pins the struct: <c>mmgrab</c>.</summary>
    public void Grab<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        // Relaxed: whoever pins has it pinned already, by other means.
        => cpu.FetchAddRelaxed(MmCount, 1);

    /// <summary>Unpins it, and frees it with the last reference: <c>mmdrop</c>.</summary>
    public void Drop<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Fully ordered: who frees it sees what the others did.
        if (cpu.FetchAdd(MmCount, -1) == 1)
        {
            cpu.Free(Cache, at);
        }
    }

    /// <summary>Takes the address space for writing: <c>mmap_write_lock</c>, v6.15.</summary>
    public void WriteLock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MmapLock.DownWrite(cpu);
        BeginWriteSection(cpu);
    }

    /// <summary>Gives it and all VMAs back: <c>mmap_write_unlock</c>, v6.15.</summary>
    public void WriteUnlock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        EndWriteSection(cpu);
        MmapLock.UpWrite(cpu);
    }

    /// <summary>Numbers the write section that begins: <c>mm_lock_seqcount_begin</c>.</summary>
    /// <remarks>Context: mmap_lock for writing.</remarks>
    public void BeginWriteSection<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.WriteOnce(MmLockSeq, cpu.Read(MmLockSeq) + 1);

        // do_raw_write_seqcount_begin: what the section writes comes after its odd number.
        cpu.WriteFence();
    }

    /// <summary>Ends it, which unlocks all VMAs: <c>mm_lock_seqcount_end</c>.</summary>
    /// <remarks>Context: mmap_lock for writing.</remarks>
    public void EndWriteSection<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        // Release, pairs with the LoadAcquire in RefcountSpace.StartRead.
        => cpu.StoreRelease(MmLockSeq, cpu.Read(MmLockSeq) + 1);
}
