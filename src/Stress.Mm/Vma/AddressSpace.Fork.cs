using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>fork: <c>dup_mmap</c>, v6.12.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Copies this address space into a new one: <c>dup_mm</c>.</summary>
    /// <returns>The <see cref="MmStruct"/> of the child; address 0 without memory.</returns>
    /// <remarks>Deviations: a copied VMA starts without anon_vma, where the kernel links it to its parent's for the
    /// reverse mapping; the tree is built VMA by VMA, where the kernel copies it and replaces the entries.</remarks>
    public MmStruct Fork<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("dup_mm");
        MmStruct childMm = Make(cpu);
        if (childMm.Address == 0)
        {
            cpu.Leave(0);
            return childMm;
        }

        AddressSpace<TLayout, TRule> child = new(childMm.Address, rcu);
        MmapWriteLock(cpu);
        child.MmapWriteLock(cpu, subclass: 1);
        bool isComplete = true;
        VmAreaStruct<TLayout> vma = FindVma(cpu, 0);
        while (vma.Address != 0 && isComplete)
        {
            if (TRule.ForkLocksParent)
            {
                VmaStartWrite(cpu, vma);
            }

            isComplete = DupVma(cpu, vma, child);
            vma = FindVma(cpu, cpu.Read(vma.VmEnd));
        }

        child.MmapWriteUnlock(cpu);
        MmapWriteUnlock(cpu);
        if (!isComplete)
        {
            child.Exit(cpu);
            childMm = default;
        }

        cpu.Leave((long)childMm.Address);
        return childMm;
    }

    private bool DupVma<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, AddressSpace<TLayout, TRule> child)
        where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> copy = VmAreaDup(cpu, vma);
        if (copy.Address == 0)
        {
            return false;
        }

        cpu.Write(copy.VmMm, child.Mm.Address);
        cpu.Write(copy.AnonVma, (nint)0);

        // vm_flags_clear(VM_LOCKED_MASK) locks what it changes.
        child.VmaStartWrite(cpu, copy);
        cpu.Write(copy.VmFlags, cpu.Read(copy.VmFlags) & ~VmFlag.Locked);
        ulong start = cpu.Read(copy.VmStart);
        ulong end = cpu.Read(copy.VmEnd);
        MapleNode tree = child.Tree(cpu).CopyWith(cpu, start, end - 1, copy.Address);
        if (tree.Address == 0)
        {
            VmAreaFree(cpu, copy);
            return false;
        }

        VmaMarkAttached(cpu, copy);
        child.Publish(cpu, tree);
        cpu.Write(child.Mm.MapCount, cpu.Read(child.Mm.MapCount) + 1);
        return CopyPageRange(cpu, child, start, end);
    }

    // copy_page_range
    private bool CopyPageRange<TCpu>(TCpu cpu, AddressSpace<TLayout, TRule> child, ulong start, ulong end)
        where TCpu : struct, ICpu
    {
        ulong at = start;
        while (at < end)
        {
            ulong behind = (at / PageTable.Span * PageTable.Span) + PageTable.Span;
            bool hasTable = cpu.ReadOnce(new PageDirectory(cpu.Read(Mm.Pgd)).Entry(at)) != 0;
            if (hasTable && !CopyTable(cpu, child, at, behind < end ? behind : end))
            {
                return false;
            }

            at = behind;
        }

        return true;
    }

    // copy_pte_range: the child's table first, then the parent's.
    private bool CopyTable<TCpu>(TCpu cpu, AddressSpace<TLayout, TRule> child, ulong start, ulong end)
        where TCpu : struct, ICpu
    {
        if (!child.AllocTable(cpu, start))
        {
            return false;
        }

        PageTable target = child.LockTable(cpu, start);
        PageTable source = LockTable(cpu, start, subclass: 1);
        int copied = 0;
        for (ulong at = start; at < end; at += Pte.PageBytes)
        {
            copied += CopyEntry(cpu, source.Entry(at), target.Entry(at));
        }

        child.Mm.AnonRss.Add(cpu, copied);
        UnlockTable(cpu, source);
        UnlockTable(cpu, target);
        return true;
    }

    // copy_present_pte: both may only read the page from now on.
    private static int CopyEntry<TCpu>(TCpu cpu, AtomicU64 source, AtomicU64 target) where TCpu : struct, ICpu
    {
        ulong entry = cpu.ReadOnce(source);
        if ((entry & Pte.Present) == 0)
        {
            return 0;
        }

        Folio folio = new(Pte.Folio(entry));
        cpu.FetchAddRelaxed(folio.RefCount, 1);
        cpu.FetchAddRelaxed(folio.MapCount, 1);
        if (Pte.IsWritable(entry))
        {
            cpu.WriteOnce(source, entry & ~Pte.Writable);
        }

        cpu.WriteOnce(target, entry & ~Pte.Writable);
        return 1;
    }
}
