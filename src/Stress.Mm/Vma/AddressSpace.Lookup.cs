using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The lookup that locks a VMA without mmap_lock.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Finds the VMA of an address and locks it for reading: <c>lock_vma_under_rcu</c>.</summary>
    /// <returns>Address 0 when mmap_lock must be taken instead.</returns>
    public VmAreaStruct<TLayout> LockVmaUnderRcu<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("lock_vma_under_rcu", (long)address);
        cpu.RcuReadLock();
        VmAreaStruct<TLayout> vma = FindAndLock(cpu, address);
        cpu.RcuReadUnlock();
        if (vma.Address == 0)
        {
            VmEvents.Count(cpu, VmEvents.OfThisCpu(cpu).VmaLockAbort);
        }

        cpu.Leave((long)vma.Address);
        return vma;
    }

    private VmAreaStruct<TLayout> FindAndLock<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        while (true)
        {
            // Pairs with the StoreRelease in Publish.
            MapleNode tree = new(cpu.Dereference(Mm.MaRoot));
            VmAreaStruct<TLayout> vma = new(tree.Address == 0 ? 0 : tree.Walk(cpu, address));
            if (vma.Address == 0 || IsLeftToMmapLock(cpu, vma, AnonVmaTest.BeforeLocking))
            {
                return default;
            }

            int locked = TryLock(cpu, vma);
            if (locked == 0)
            {
                return default;
            }

            if (locked == Errno.Again)
            {
                // It has left the tree since we found it, and something else may have come in its place.
                VmEvents.Count(cpu, VmEvents.OfThisCpu(cpu).VmaLockMiss);
                continue;
            }

            // The lock keeps the range from now on; it may have shrunk before.
            if (address < cpu.Read(vma.VmStart) || address >= cpu.Read(vma.VmEnd)
                || IsLeftToMmapLock(cpu, vma, AnonVmaTest.AfterLocking))
            {
                VmaEndRead(cpu, vma);
                return default;
            }

            return vma;
        }
    }

    // 1 when it is locked, 0 when it cannot be, Errno.Again when it is detached.
    private int TryLock<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            return Counted.StartRead(cpu, new RefcountVma(vma.Address));
        }

        if (!VmaStartRead(cpu, vma))
        {
            return 0;
        }

        if (TRule.RetriesDetached && cpu.Read(vma.Detached) != 0)
        {
            VmaEndRead(cpu, vma);
            return Errno.Again;
        }

        return 1;
    }

    // Before v6.8, the first fault of an anonymous VMA had to make its anon_vma under mmap_lock.
    private static bool IsLeftToMmapLock<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, AnonVmaTest when)
        where TCpu : struct, ICpu
        => TRule.AnonVma == when && cpu.ReadOnce(vma.AnonVma) == 0;
}
