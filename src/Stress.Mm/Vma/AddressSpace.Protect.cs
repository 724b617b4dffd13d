using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>Splitting, merging and protecting VMAs.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Changes the protection of a mapped range: <c>do_mprotect_pkey</c>.</summary>
    /// <param name="start">First byte, a multiple of the page size.</param>
    /// <param name="end">First byte behind it, a multiple of the page size; in the same VMA.</param>
    /// <param name="flags">Bits of <see cref="VmFlag"/>.</param>
    /// <returns>0, <see cref="Errno.NoEntry"/> where the range is not one VMA's, or <see cref="Errno.NoMemory"/>.
    /// </returns>
    /// <remarks>Deviation: the kernel asks for a merge with the flags to be, and then sets them; here it is the other
    /// way round, both under the same locks.</remarks>
    public int Mprotect<TCpu>(TCpu cpu, ulong start, ulong end, ulong flags) where TCpu : struct, ICpu
    {
        cpu.Enter("do_mprotect_pkey", (long)start, (long)end);
        MmapWriteLock(cpu);
        int result = Errno.NoEntry;
        VmAreaStruct<TLayout> vma = LookupVma(cpu, start);
        if (vma.Address != 0 && cpu.Read(vma.VmEnd) >= end)
        {
            result = SplitAt(cpu, start) && SplitAt(cpu, end) ? 0 : Errno.NoMemory;
        }

        if (result == 0)
        {
            Protect(cpu, LookupVma(cpu, start), flags);
            MergeAt(cpu, end);
            MergeAt(cpu, start);
        }

        MmapWriteUnlock(cpu);
        cpu.Leave(result);
        return result;
    }

    // mprotect_fixup
    private void Protect<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, ulong flags) where TCpu : struct, ICpu
    {
        if (TRule.MprotectLocksVma)
        {
            VmaStartWrite(cpu, vma);
        }

        cpu.Write(vma.VmFlags, flags);
        cpu.Write(vma.VmPageProt, ProtectionOf(flags));
        if ((flags & VmFlag.Write) == 0)
        {
            ulong end = cpu.Read(vma.VmEnd);
            ulong at = cpu.Read(vma.VmStart);
            while (at < end)
            {
                ulong behind = (at / PageTable.Span * PageTable.Span) + PageTable.Span;
                WriteProtectTable(cpu, at, behind < end ? behind : end);
                at = behind;
            }
        }
    }

    // change_pte_range
    private void WriteProtectTable<TCpu>(TCpu cpu, ulong start, ulong end) where TCpu : struct, ICpu
    {
        PageTable table = LockTable(cpu, start);
        if (table.Address == 0)
        {
            return;
        }

        for (ulong at = start; at < end; at += Pte.PageBytes)
        {
            ulong entry = cpu.ReadOnce(table.Entry(at));
            if (Pte.IsWritable(entry))
            {
                cpu.WriteOnce(table.Entry(at), entry & ~Pte.Writable);
            }
        }

        UnlockTable(cpu, table);
    }

    /// <summary>Makes a boundary between VMAs where there is none: <c>__split_vma</c>.</summary>
    /// <returns>False without memory.</returns>
    /// <remarks>Context: mmap_lock for writing. The lower part stays, the upper one is new.</remarks>
    private bool SplitAt<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = LookupVma(cpu, address);
        return vma.Address == 0 || cpu.Read(vma.VmStart) == address || Split(cpu, vma, address);
    }

    private bool Split<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("__split_vma", (long)address);
        VmAreaStruct<TLayout> upper = VmAreaDup(cpu, vma);
        if (upper.Address == 0)
        {
            cpu.Leave(Errno.NoMemory);
            return false;
        }

        ulong start = cpu.Read(vma.VmStart);
        MapleNode tree = Tree(cpu).CopyWith(cpu, address, cpu.Read(upper.VmEnd) - 1, upper.Address);
        if (tree.Address == 0 || !CloneAnonVma(cpu, upper))
        {
            if (tree.Address != 0)
            {
                cpu.Free(MapleNode.Cache, tree.Address);
            }

            VmAreaFree(cpu, upper);
            cpu.Leave(Errno.NoMemory);
            return false;
        }

        cpu.Write(upper.VmStart, address);
        cpu.Write(upper.VmPgoff, cpu.Read(vma.VmPgoff) + ((address - start) / Pte.PageBytes));
        VmaStartWrite(cpu, vma);
        VmaStartWrite(cpu, upper);
        VmaMarkAttached(cpu, upper);
        cpu.Write(vma.VmEnd, address);
        Publish(cpu, tree);
        cpu.Write(Mm.MapCount, cpu.Read(Mm.MapCount) + 1);
        cpu.Leave(0);
        return true;
    }

    /// <summary>Joins the VMAs below and above an address if they are alike: <c>vma_merge</c>.</summary>
    /// <remarks>Context: mmap_lock for writing. Without memory they stay two, which is right too.</remarks>
    private void MergeAt<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> lower = address == 0 ? default : LookupVma(cpu, address - 1);
        VmAreaStruct<TLayout> upper = LookupVma(cpu, address);
        if (lower.Address != 0 && upper.Address != 0 && lower.Address != upper.Address
            && cpu.Read(lower.VmFlags) == cpu.Read(upper.VmFlags)
            && cpu.ReadOnce(lower.AnonVma) == cpu.ReadOnce(upper.AnonVma))
        {
            Merge(cpu, lower, upper);
        }
    }

    private void Merge<TCpu>(TCpu cpu, VmAreaStruct<TLayout> lower, VmAreaStruct<TLayout> upper)
        where TCpu : struct, ICpu
    {
        cpu.Enter("vma_merge", (long)lower.Address, (long)upper.Address);
        ulong end = cpu.Read(upper.VmEnd);
        VmaStartWrite(cpu, lower);
        VmaStartWrite(cpu, upper);
        MapleNode tree = Tree(cpu).CopyWith(cpu, cpu.Read(lower.VmStart), end - 1, lower.Address);
        if (tree.Address != 0)
        {
            cpu.Write(lower.VmEnd, end);
            Publish(cpu, tree);
            UnlinkAnonVma(cpu, upper);
            VmaMarkDetached(cpu, upper, isDetached: true);
            cpu.Write(Mm.MapCount, cpu.Read(Mm.MapCount) - 1);
            VmAreaFree(cpu, upper);
        }

        cpu.Leave();
    }
}
