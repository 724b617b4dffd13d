using System.Runtime.CompilerServices;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The lock of one VMA: a rwsem for readers, a mark with a sequence number for writers.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Tries to lock a VMA for reading: <c>vma_start_read</c>, v6.12. Never waits.</summary>
    /// <returns>False when it is locked for writing, or might be.</returns>
    /// <remarks>Context: RCU, or the VMA is kept alive by other means. Cost: one atomic and one plain write, both
    /// on the line of the lock.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool VmaStartRead<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            return Counted.StartRead(cpu, new RefcountVma(vma.Address)) == 1;
        }

        // Relaxed: a hint that saves the trylock; the comparison below decides.
        if (TRule.ComparesBeforeTrylock
            && cpu.ReadOnce(vma.VmLockSeq) == cpu.ReadOnce(new MmStruct(cpu.Read(vma.VmMm)).MmLockSeq))
        {
            return false;
        }

        RwSemaphore vmLock = vma.VmLock(cpu);
        if (!vmLock.DownReadTrylock(cpu))
        {
            return false;
        }

        if (!TRule.RechecksSequence)
        {
            return true;
        }

        // VmLockSeq cannot change now: it is written under the lock that we hold. Acquire, pairs with the
        // StoreRelease in VmaEndWriteAll: not marked any more means that we see the writer's changes.
        uint marked = cpu.Read(vma.VmLockSeq);
        AtomicU32 sequence = new MmStruct(cpu.Read(vma.VmMm)).MmLockSeq;
        if (marked == (TRule.AcquiresSequence ? cpu.LoadAcquire(sequence) : cpu.ReadOnce(sequence)))
        {
            vmLock.UpRead(cpu);
            return false;
        }

        return true;
    }

    /// <summary>Unlocks a VMA that was locked for reading: <c>vma_end_read</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void VmaEndRead<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            RefcountSpace<V615>.Put(cpu, new RefcountVma(vma.Address));
            return;
        }

        // The section keeps the lock alive through the tail of the unlock: once the count is down, a writer may
        // detach the VMA and have it freed.
        if (TRule.UnlocksUnderRcu)
        {
            cpu.RcuReadLock();
        }

        vma.VmLock(cpu).UpRead(cpu);
        if (TRule.UnlocksUnderRcu)
        {
            cpu.RcuReadUnlock();
        }
    }

    /// <summary>Locks a VMA for writing until mmap_lock is given up: <c>vma_start_write</c>. Waits for readers.
    /// </summary>
    /// <remarks>Context: mmap_lock for writing. The rwsem itself is given back at once: the equal numbers are the
    /// lock.</remarks>
    public void VmaStartWrite<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            Counted.StartWrite(cpu, new RefcountVma(vma.Address));
            return;
        }

        uint sequence = cpu.Read(new MmStruct(cpu.Read(vma.VmMm)).MmLockSeq);
        if (TRule.TrustsEqualSequence && cpu.Read(vma.VmLockSeq) == sequence)
        {
            return;
        }

        cpu.Enter("vma_start_write", (long)vma.Address);
        RwSemaphore vmLock = vma.VmLock(cpu);
        vmLock.DownWrite(cpu);

        // Marked, because readers compare it without the lock; the UpWrite orders it for those who take the lock.
        cpu.WriteOnce(vma.VmLockSeq, sequence);
        vmLock.UpWrite(cpu);
        cpu.Leave();
    }

    /// <summary>Whether a reader or a writer holds the lock of a VMA.</summary>
    public bool IsVmaLocked<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
        => TLayout.IsReferenceCount
            ? cpu.ReadOnce(new RefcountVma(vma.Address).VmRefcnt) > 1
            : vma.VmLock(cpu).IsLocked(cpu);

    // vma_mark_detached: asserts the write lock before it detaches.
    private void VmaMarkDetached<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, bool isDetached) where TCpu : struct, ICpu
    {
        if (!TLayout.IsReferenceCount)
        {
            cpu.Write(vma.Detached, isDetached ? (byte)1 : (byte)0);
        }
        else if (isDetached)
        {
            Counted.MarkDetached(cpu, new RefcountVma(vma.Address));
        }
        else
        {
            VmaMarkAttached(cpu, vma);
        }
    }

    // vma_mark_attached, v6.15; before, a new VMA counted as attached. Release, pairs with the acquire of the reference
    // in RefcountSpace.StartRead.
    private static void VmaMarkAttached<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            cpu.StoreRelease(new RefcountVma(vma.Address).VmRefcnt, 1u);
        }
    }
}
