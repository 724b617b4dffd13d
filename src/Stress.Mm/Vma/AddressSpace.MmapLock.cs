using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>mmap_lock, whose release for writing releases every VMA.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Takes the address space for writing: <c>mmap_write_lock</c>.</summary>
    /// <param name="subclass">1 for the child's in fork, 0 otherwise.</param>
    public void MmapWriteLock<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu
    {
        Mm.MmapLock.DownWrite(cpu, subclass);
        if (TLayout.IsReferenceCount)
        {
            new RefcountMm(mm).BeginWriteSection(cpu);
        }
    }

    /// <summary>Gives it and all VMAs back: <c>mmap_write_unlock</c>.</summary>
    public void MmapWriteUnlock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        VmaEndWriteAll(cpu);
        Mm.MmapLock.UpWrite(cpu);
    }

    /// <summary>Gives all VMAs back and keeps the space for reading: <c>mmap_write_downgrade</c>.</summary>
    public void MmapWriteDowngrade<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        VmaEndWriteAll(cpu);
        Mm.MmapLock.DowngradeWrite(cpu);
    }

    /// <summary>Takes the address space for reading: <c>mmap_read_lock</c>. Not while a VMA is locked for reading.
    /// </summary>
    public void MmapReadLock<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Mm.MmapLock.DownRead(cpu);

    /// <summary>Takes it for reading if that needs no wait: <c>mmap_read_trylock</c>.</summary>
    public bool MmapReadTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Mm.MmapLock.DownReadTrylock(cpu);

    /// <summary>Ends <see cref="MmapReadLock"/>: <c>mmap_read_unlock</c>.</summary>
    public void MmapReadUnlock<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Mm.MmapLock.UpRead(cpu);

    // vma_end_write_all: the one way to unlock a VMA that was locked for writing.
    private void VmaEndWriteAll<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            new RefcountMm(mm).EndWriteSection(cpu);
            return;
        }

        uint next = (cpu.Read(Mm.MmLockSeq) + 1) & TRule.SequenceMask;

        // Release, pairs with the LoadAcquire in VmaStartRead: a reader that no longer finds its VMA marked sees
        // what the writer did to it.
        if (TRule.ReleasesSequence)
        {
            cpu.StoreRelease(Mm.MmLockSeq, next);
        }
        else
        {
            cpu.WriteOnce(Mm.MmLockSeq, next);
        }
    }
}
