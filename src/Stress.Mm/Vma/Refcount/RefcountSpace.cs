using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The operations on an address space whose VMAs are locked by reference counts: v6.15.</summary>
/// <remarks>Not modelled: faults, page tables, more than one VMA. See <see cref="AddressSpace{TLayout, TRule}"/> for
/// those, under the older lock.</remarks>
/// <typeparam name="TRule">The version, or the mutant.</typeparam>
/// <param name="mm">Address of the <see cref="RefcountMm"/>.</param>
public readonly partial struct RefcountSpace<TRule>(nint mm)
    where TRule : struct, IRefcountRule
{
    // VMA_REF_LIMIT: readers stay below the offset of a writer.
    private const uint ReferenceLimit = RefcountVma.LockOffset - 1;

    /// <summary>The address space.</summary>
    public RefcountMm Mm => new(mm);

    /// <summary>Finds the VMA of an address and takes a reference: <c>lock_vma_under_rcu</c>.</summary>
    /// <returns>Address 0 when mmap_lock must be taken instead.</returns>
    public RefcountVma LockVmaUnderRcu<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("lock_vma_under_rcu", (long)address);
        cpu.RcuReadLock();
        RefcountVma vma;
        int result;
        do
        {
            // Pairs with the StoreRelease in Mmap.
            vma = new(cpu.Dereference(Mm.MaRoot));
            result = vma.Address == 0 ? 0 : StartRead(cpu, vma);
        }
        while (result == Errno.Again);

        cpu.RcuReadUnlock();
        if (result == 0)
        {
            vma = default;
        }
        else if (address < cpu.Read(vma.VmStart) || address >= cpu.Read(vma.VmEnd))
        {
            Put(cpu, vma);
            vma = default;
        }

        cpu.Leave((long)vma.Address);
        return vma;
    }

    /// <summary>Tries to take a reference: <c>vma_start_read</c>. Never waits.</summary>
    /// <returns>1 with a reference, 0 without, <see cref="Errno.Again"/> when the VMA was detached under us.</returns>
    /// <remarks>Context: RCU.</remarks>
    public int StartRead<TCpu>(TCpu cpu, RefcountVma vma) where TCpu : struct, ICpu
    {
        // Relaxed: a hint; the comparison below decides.
        if (cpu.ReadOnce(vma.VmLockSeq) == cpu.ReadOnce(Mm.MmLockSeq))
        {
            return 0;
        }

        uint count = cpu.ReadOnce(vma.VmRefcnt);
        uint seen = count;
        do
        {
            count = seen;
            if (count == 0 || count > ReferenceLimit)
            {
                return count == 0 ? Errno.Again : 0;
            }

            // Acquire, pairs with the StoreRelease of the attach in Mmap: we see the VMA of this life.
            seen = cpu.CompareExchangeAcquire(vma.VmRefcnt, count, count + 1);
        }
        while (seen != count);

        nint owner = cpu.ReadOnce(vma.VmMm);
        if (TRule.ChecksMm && owner != mm)
        {
            PutForeign(cpu, vma, owner);
            return 0;
        }

        uint marked = cpu.Read(vma.VmLockSeq);

        // Acquire, pairs with the StoreRelease in RefcountMm.WriteUnlock.
        if (marked == cpu.LoadAcquire(Mm.MmLockSeq))
        {
            Put(cpu, vma);
            return 0;
        }

        return 1;
    }

    // The VMA has been recycled. While we hold it, the address space that it came to cannot go; the wakeup after we
    // gave it back can come too late.
    private static void PutForeign<TCpu>(TCpu cpu, RefcountVma vma, nint owner) where TCpu : struct, ICpu
    {
        if (!TRule.PinsForeignMm)
        {
            Put(cpu, vma);
            return;
        }

        // Dropping may free, which is no work for a read section.
        cpu.RcuReadUnlock();
        new RefcountMm(owner).Grab(cpu);
        Put(cpu, vma);
        new RefcountMm(owner).Drop(cpu);
        cpu.RcuReadLock();
    }

    /// <summary>Gives a reference back and wakes the writer that it kept waiting: <c>vma_refcount_put</c>.</summary>
    public static void Put<TCpu>(TCpu cpu, RefcountVma vma) where TCpu : struct, ICpu
    {
        // Read first: once the reference is gone, the VMA may belong to another address space.
        RefcountMm owner = new(cpu.ReadOnce(vma.VmMm));

        // Release, pairs with the LoadAcquire in EnterLocked: the writer sees what we did.
        uint before = cpu.FetchAddRelease(vma.VmRefcnt, uint.MaxValue);
        if (TRule.IsWriterOnly(before))
        {
            WakeWriter(cpu, owner);
        }
    }

    // rcuwait_wake_up
    private static void WakeWriter<TCpu>(TCpu cpu, RefcountMm owner) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();

        // Between the count and the task, pairs with PrepareToPark in EnterLocked: either the writer sees the count,
        // or we see the writer.
        cpu.FullFence();
        nint writer = cpu.Dereference(owner.VmaWriterWait);
        if (writer != 0)
        {
            cpu.Unpark(new TaskStruct(writer));
        }

        cpu.RcuReadUnlock();
    }

    /// <summary>Locks a VMA for writing until mmap_lock is given up: <c>vma_start_write</c>. Waits for readers.
    /// </summary>
    /// <remarks>Context: mmap_lock for writing.</remarks>
    public void StartWrite<TCpu>(TCpu cpu, RefcountVma vma) where TCpu : struct, ICpu
    {
        uint sequence = cpu.Read(Mm.MmLockSeq);
        if (cpu.Read(vma.VmLockSeq) == sequence)
        {
            return;
        }

        cpu.Enter("__vma_start_write", (long)vma.Address);
        bool isLocked = EnterLocked(cpu, vma, RefcountVma.LockOffset + 1);

        // Marked, because readers compare it without a reference.
        cpu.WriteOnce(vma.VmLockSeq, sequence);
        if (isLocked)
        {
            bool isDetached = ExitLocked(cpu, vma);
            cpu.WarnOn(isDetached, "WARN_ON_ONCE(detached)");
        }

        cpu.Leave();
    }

    // __vma_enter_locked: false for a VMA that is detached, which needs no lock.
    private bool EnterLocked<TCpu>(TCpu cpu, RefcountVma vma, uint target) where TCpu : struct, ICpu
    {
        uint count = cpu.ReadOnce(vma.VmRefcnt);
        uint seen = count;
        do
        {
            count = seen;
            if (count == 0)
            {
                return false;
            }

            // Relaxed: the LoadAcquire below decides.
            seen = cpu.CompareExchangeRelaxed(vma.VmRefcnt, count, count + RefcountVma.LockOffset);
        }
        while (seen != count);

        // rcuwait_wait_event. Release, pairs with the Dereference in WakeWriter.
        cpu.StoreRelease(Mm.VmaWriterWait, cpu.Current.Address);
        cpu.PrepareToPark();

        // Acquire, pairs with the release in Put.
        while (cpu.LoadAcquire(vma.VmRefcnt) != target)
        {
            // Ended by the last reader, in WakeWriter.
            cpu.Park();
            cpu.PrepareToPark();
        }

        cpu.StoreRelease(Mm.VmaWriterWait, (nint)0);
        cpu.CancelPark();
        return true;
    }

    // __vma_exit_locked: whether nothing is left.
    private static bool ExitLocked<TCpu>(TCpu cpu, RefcountVma vma) where TCpu : struct, ICpu
    {
        uint before = cpu.FetchAddRelease(vma.VmRefcnt, unchecked(0u - RefcountVma.LockOffset));
        return before == RefcountVma.LockOffset;
    }

    /// <summary>Maps the one range, if nothing is mapped: <c>mmap_region</c>.</summary>
    /// <returns>0, <see cref="Errno.Exists"/> or <see cref="Errno.NoMemory"/>.</returns>
    public int Mmap<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        cpu.Enter("mmap_region", (long)start, (long)end);
        Mm.WriteLock(cpu);
        int result = cpu.Read(Mm.MaRoot) != 0 ? Errno.Exists : InsertNew(cpu, start, end);
        Mm.WriteUnlock(cpu);
        cpu.Leave(result);
        return result;
    }

    private int InsertNew<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        RefcountVma vma = new(cpu.Alloc(RefcountVma.Cache));
        if (vma.Address == 0)
        {
            return Errno.NoMemory;
        }

        // vma_init. Somebody may still look at the VMA of the last life, but can take no reference: it is 0.
        cpu.WriteOnce(vma.VmRefcnt, 0u);
        cpu.WriteOnce(vma.VmMm, mm);
        cpu.WriteOnce(vma.VmLockSeq, uint.MaxValue);
        cpu.Write(vma.VmStart, start);
        cpu.Write(vma.VmEnd, end);
        StartWrite(cpu, vma);

        // vma_mark_attached. Release, pairs with the acquire of the reference in StartRead.
        if (TRule.AttachReleases)
        {
            cpu.StoreRelease(vma.VmRefcnt, 1u);
        }
        else
        {
            cpu.WriteOnce(vma.VmRefcnt, 1u);
        }

        // Release, pairs with the Dereference in LockVmaUnderRcu.
        cpu.StoreRelease(Mm.MaRoot, vma.Address);
        return 0;
    }

    /// <summary>Unmaps what is mapped, and frees it at once: <c>do_munmap</c>.</summary>
    /// <returns>VMAs taken out.</returns>
    public int Munmap<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("do_munmap");
        Mm.WriteLock(cpu);
        RefcountVma vma = new(cpu.Read(Mm.MaRoot));
        if (vma.Address != 0)
        {
            StartWrite(cpu, vma);
            cpu.StoreRelease(Mm.MaRoot, (nint)0);
            MarkDetached(cpu, vma);
            cpu.Free(RefcountVma.Cache, vma.Address);
        }

        Mm.WriteUnlock(cpu);
        int result = vma.Address != 0 ? 1 : 0;
        cpu.Leave(result);
        return result;
    }

    /// <summary>Marks a VMA as out of the tree: <c>vma_mark_detached</c>. Readers that came and went unseen may still
    /// hold it for a moment.</summary>
    /// <remarks>Context: mmap_lock and the VMA for writing.</remarks>
    public void MarkDetached<TCpu>(TCpu cpu, RefcountVma vma) where TCpu : struct, ICpu
    {
        bool isDetached = cpu.FetchAdd(vma.VmRefcnt, uint.MaxValue) == 1;
        if (!isDetached && EnterLocked(cpu, vma, RefcountVma.LockOffset))
        {
            isDetached = ExitLocked(cpu, vma);
            cpu.WarnOn(!isDetached, "WARN_ON_ONCE(!detached)");
        }
    }
}
