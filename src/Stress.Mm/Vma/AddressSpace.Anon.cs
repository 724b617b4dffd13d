using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The anon_vma of a VMA.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    // vmf_anon_prepare: under the VMA lock, mmap_lock may only be tried. Without it the VMA lock is given up.
    private uint VmfAnonPrepare<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, bool isVmaLocked) where TCpu : struct, ICpu
    {
        // Relaxed, where the kernel reads plainly: it is set once, under page_table_lock, and only compared with 0
        // and stored in pages; the trylock and the lock order everything else.
        if (cpu.ReadOnce(vma.AnonVma) != 0 || (isVmaLocked && TRule.AnonVma != AnonVmaTest.InFault))
        {
            return 0;
        }

        if (!isVmaLocked)
        {
            return AnonVmaPrepare(cpu, vma) ? 0 : VmFault.Oom;
        }

        if (!MmapReadTrylock(cpu))
        {
            VmaEndRead(cpu, vma);
            return VmFault.Retry;
        }

        bool isPrepared = AnonVmaPrepare(cpu, vma);
        MmapReadUnlock(cpu);
        return isPrepared ? 0 : VmFault.Oom;
    }

    /// <summary>Gives a VMA its anon_vma: <c>anon_vma_prepare</c>.</summary>
    /// <returns>False without memory.</returns>
    /// <remarks>Context: mmap_lock. Deviation: it is never shared with that of a neighbour.</remarks>
    public bool AnonVmaPrepare<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (cpu.ReadOnce(vma.AnonVma) != 0)
        {
            return true;
        }

        cpu.Enter("__anon_vma_prepare", (long)vma.Address);
        AnonVmaChain chain = new(cpu.Alloc(AnonVmaChain.Cache));
        AnonVma made = chain.Address == 0 ? default : AnonVma.Make(cpu);
        bool isPrepared = made.Address != 0;
        if (isPrepared)
        {
            if (!LinkFirst(cpu, vma, chain, made))
            {
                // Another fault on the same VMA was faster.
                made.Put(cpu);
                cpu.Free(AnonVmaChain.Cache, chain.Address);
            }
        }
        else if (chain.Address != 0)
        {
            cpu.Free(AnonVmaChain.Cache, chain.Address);
        }

        cpu.Leave(isPrepared ? 0 : Errno.NoMemory);
        return isPrepared;
    }

    private bool LinkFirst<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, AnonVmaChain chain, AnonVma made)
        where TCpu : struct, ICpu
    {
        made.Rwsem.DownWrite(cpu);
        Mm.PageTableLock.Acquire(cpu);
        bool isFirst = cpu.ReadOnce(vma.AnonVma) == 0;
        if (isFirst)
        {
            cpu.WriteOnce(vma.AnonVma, made.Address);
            Link(cpu, vma, chain, made);
        }

        Mm.PageTableLock.Release(cpu);
        made.Rwsem.UpWrite(cpu);
        return isFirst;
    }

    // anon_vma_chain_link, and the count of VMAs.
    private static void Link<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma, AnonVmaChain chain, AnonVma anonVma)
        where TCpu : struct, ICpu
    {
        cpu.Write(chain.Vma, vma.Address);
        cpu.Write(chain.AnonVma, anonVma.Address);
        cpu.Write(vma.AnonVmaChainNext, chain.Address);
        cpu.Write(vma.AnonVmaChainPrev, chain.Address);
        cpu.Write(anonVma.NumActiveVmas, cpu.Read(anonVma.NumActiveVmas) + 1);
    }

    // anon_vma_clone, for a copy that shares the pages of the original.
    private static bool CloneAnonVma<TCpu>(TCpu cpu, VmAreaStruct<TLayout> copy) where TCpu : struct, ICpu
    {
        AnonVma anonVma = new(cpu.ReadOnce(copy.AnonVma));
        if (anonVma.Address == 0)
        {
            return true;
        }

        AnonVmaChain chain = new(cpu.Alloc(AnonVmaChain.Cache));
        if (chain.Address == 0)
        {
            return false;
        }

        anonVma.Rwsem.DownWrite(cpu);
        Link(cpu, copy, chain, anonVma);
        anonVma.Rwsem.UpWrite(cpu);
        return true;
    }

    // unlink_anon_vmas
    private static void UnlinkAnonVma<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        AnonVma anonVma = new(cpu.ReadOnce(vma.AnonVma));
        if (anonVma.Address == 0)
        {
            return;
        }

        anonVma.Rwsem.DownWrite(cpu);
        ulong left = cpu.Read(anonVma.NumActiveVmas) - 1;
        cpu.Write(anonVma.NumActiveVmas, left);
        cpu.WriteOnce(vma.AnonVma, (nint)0);
        anonVma.Rwsem.UpWrite(cpu);
        cpu.Free(AnonVmaChain.Cache, cpu.Read(vma.AnonVmaChainNext));
        cpu.Write(vma.AnonVmaChainNext, (nint)0);
        cpu.Write(vma.AnonVmaChainPrev, (nint)0);
        if (left == 0)
        {
            anonVma.Put(cpu);
        }
    }

    /// <summary>Empties a VMA that stays mapped: what <c>mremap</c> with MREMAP_DONTUNMAP leaves behind.</summary>
    /// <returns>0, or <see cref="Errno.NoEntry"/> where nothing is mapped.</returns>
    /// <remarks>Deviation: the pages are unmapped; the VMA that they would move to is not made.</remarks>
    public int MremapDontUnmap<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("mremap", (long)address);
        MmapWriteLock(cpu);
        VmAreaStruct<TLayout> vma = LookupVma(cpu, address);
        if (vma.Address != 0)
        {
            VmaStartWrite(cpu, vma);
            ZapRange(cpu, cpu.Read(vma.VmStart), cpu.Read(vma.VmEnd));
            UnlinkAnonVma(cpu, vma);
        }

        MmapWriteUnlock(cpu);
        int result = vma.Address != 0 ? 0 : Errno.NoEntry;
        cpu.Leave(result);
        return result;
    }
}
