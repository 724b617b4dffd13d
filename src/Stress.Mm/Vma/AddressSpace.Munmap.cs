using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>munmap: <c>do_vmi_align_munmap</c>, v6.12.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Unmaps a range: <c>do_munmap</c>.</summary>
    /// <param name="start">First byte, a multiple of the page size.</param>
    /// <param name="end">First byte behind it, a multiple of the page size.</param>
    /// <param name="mayDowngrade">Whether mmap_lock is kept for reading only while pages are freed.</param>
    /// <returns>VMAs taken out, or <see cref="Errno.NoMemory"/>.</returns>
    /// <remarks>The kernel collects the VMAs in a tree of its own; here the replaced node, which still lists them,
    /// serves: it is given to RCU when they are through.</remarks>
    public int Munmap<TCpu>(TCpu cpu, ulong start, ulong end, bool mayDowngrade) where TCpu : struct, ICpu
    {
        cpu.Enter("do_munmap", (long)start, (long)end);
        MmapWriteLock(cpu);
        VmAreaStruct<TLayout> first = FindVma(cpu, start);
        if (first.Address == 0 || cpu.Read(first.VmStart) >= end)
        {
            MmapWriteUnlock(cpu);
            cpu.Leave(0);
            return 0;
        }

        if (!SplitAt(cpu, start) || !SplitAt(cpu, end))
        {
            MmapWriteUnlock(cpu);
            cpu.Leave(Errno.NoMemory);
            return Errno.NoMemory;
        }

        int result = Gather(cpu, start, end);
        MapleNode detached = Tree(cpu);
        MapleNode rest = detached.CopyWith(cpu, start, end - 1, 0);
        if (rest.Address == 0)
        {
            Reattach(cpu, start, end);
            MmapWriteUnlock(cpu);
            cpu.Leave(Errno.NoMemory);
            return Errno.NoMemory;
        }

        // Release, pairs with the Dereference in FindAndLock.
        cpu.StoreRelease(Mm.MaRoot, rest.Address);
        cpu.Write(Mm.MapCount, cpu.Read(Mm.MapCount) - result);
        Complete(cpu, detached, start, end, mayDowngrade);
        cpu.Leave(result);
        return result;
    }

    // vms_gather_munmap_vmas: from here on no reader can lock them, and those who could have left.
    private int Gather<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        int count = 0;
        VmAreaStruct<TLayout> vma = FindVma(cpu, start);
        while (vma.Address != 0 && cpu.Read(vma.VmStart) < end)
        {
            VmaStartWrite(cpu, vma);
            VmaMarkDetached(cpu, vma, isDetached: true);
            count++;
            vma = FindVma(cpu, cpu.Read(vma.VmEnd));
        }

        return count;
    }

    // reattach_vmas: without memory to clear the tree, nothing has happened.
    private void Reattach<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = FindVma(cpu, start);
        while (vma.Address != 0 && cpu.Read(vma.VmStart) < end)
        {
            VmaMarkDetached(cpu, vma, isDetached: false);
            vma = FindVma(cpu, cpu.Read(vma.VmEnd));
        }
    }

    // vms_complete_munmap_vmas
    private void Complete<TCpu>(TCpu cpu, MapleNode detached, ulong start, ulong end, bool mayDowngrade)
        where TCpu : struct, ICpu
    {
        if (mayDowngrade)
        {
            MmapWriteDowngrade(cpu);
        }

        ZapRange(cpu, start, end);
        FreePgtables(cpu, detached, start, end);
        RemoveVmas(cpu, detached, start, end);
        Rcu.Call(cpu, detached.Rcu, VmaReclaim<TLayout>.FreeNode);
        if (mayDowngrade)
        {
            MmapReadUnlock(cpu);
        }
        else
        {
            MmapWriteUnlock(cpu);
        }
    }

    // free_pgtables: unlinks the VMAs from their anon_vma, then frees the tables that no neighbour needs.
    private void FreePgtables<TCpu>(TCpu cpu, MapleNode detached, ulong start, ulong end) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = new(detached.Find(cpu, start));
        while (vma.Address != 0 && cpu.Read(vma.VmStart) < end)
        {
            UnlinkAnonVma(cpu, vma);
            vma = new(detached.Find(cpu, cpu.Read(vma.VmEnd)));
        }

        (ulong first, ulong last) = Tree(cpu).Gap(cpu, start);
        FreeTables(cpu, first, last, start, end);
    }

    // remove_vma
    private void RemoveVmas<TCpu>(TCpu cpu, MapleNode detached, ulong start, ulong end) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = new(detached.Find(cpu, start));
        while (vma.Address != 0 && cpu.Read(vma.VmStart) < end)
        {
            // Read before the RCU head goes over it.
            ulong behind = cpu.Read(vma.VmEnd);
            VmAreaFree(cpu, vma);
            vma = new(detached.Find(cpu, behind));
        }
    }
}
