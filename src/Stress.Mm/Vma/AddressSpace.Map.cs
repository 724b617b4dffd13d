using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>Making, copying and mapping VMAs.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Maps an anonymous range where nothing is mapped: <c>mmap_region</c> with MAP_FIXED_NOREPLACE.</summary>
    /// <param name="start">First byte, a multiple of the page size.</param>
    /// <param name="end">First byte behind it, a multiple of the page size.</param>
    /// <param name="flags">Bits of <see cref="VmFlag"/>.</param>
    /// <returns>0, <see cref="Errno.Exists"/> or <see cref="Errno.NoMemory"/>.</returns>
    public int Mmap<TCpu>(TCpu cpu, ulong start, ulong end, ulong flags) where TCpu : struct, ICpu
    {
        cpu.Enter("mmap_region", (long)start, (long)end);
        MmapWriteLock(cpu);
        int result = InsertNew(cpu, start, end, flags);
        MmapWriteUnlock(cpu);
        cpu.Leave(result);
        return result;
    }

    private int InsertNew<TCpu>(TCpu cpu, ulong start, ulong end, ulong flags) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> next = FindVma(cpu, start);
        if (next.Address != 0 && cpu.Read(next.VmStart) < end)
        {
            return Errno.Exists;
        }

        VmAreaStruct<TLayout> vma = VmAreaAlloc(cpu);
        if (vma.Address == 0)
        {
            return Errno.NoMemory;
        }

        cpu.Write(vma.VmStart, start);
        cpu.Write(vma.VmEnd, end);
        cpu.Write(vma.VmPgoff, start / Pte.PageBytes);
        cpu.Write(vma.VmFlags, flags);
        cpu.Write(vma.VmPageProt, ProtectionOf(flags));
        MapleNode tree = Tree(cpu).CopyWith(cpu, start, end - 1, vma.Address);
        if (tree.Address == 0)
        {
            VmAreaFree(cpu, vma);
            return Errno.NoMemory;
        }

        // It is changed after it can be found, in the kernel, so nobody may lock it before we are through.
        VmaStartWrite(cpu, vma);
        VmaMarkAttached(cpu, vma);
        Publish(cpu, tree);
        cpu.Write(Mm.MapCount, cpu.Read(Mm.MapCount) + 1);
        return 0;
    }

    private static ulong ProtectionOf(ulong flags) => (flags & VmFlag.Write) != 0 ? Pte.Writable : 0;

    // vm_area_alloc: the cache gives zeroed memory, which is the memset of vma_init.
    private VmAreaStruct<TLayout> VmAreaAlloc<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = new(cpu.Alloc(TLayout.Cache));
        if (vma.Address == 0)
        {
            return vma;
        }

        if (TLayout.IsReferenceCount)
        {
            // Somebody may still look at the VMA of the last life.
            cpu.WriteOnce(new AtomicPtr(vma.VmMm.Address), mm);
        }
        else
        {
            cpu.Write(vma.VmMm, mm);
        }

        return VmaLockAlloc(cpu, vma) ? vma : default;
    }

    // vma_lock_alloc: on failure the VMA is gone.
    private static bool VmaLockAlloc<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TLayout.IsReferenceCount)
        {
            // Nobody can take a reference before VmaMarkAttached.
            cpu.WriteOnce(new RefcountVma(vma.Address).VmRefcnt, 0u);
            cpu.WriteOnce(vma.VmLockSeq, uint.MaxValue);
            return true;
        }

        if (!TLayout.IsLockEmbedded)
        {
            nint vmLock = cpu.Alloc(TLayout.LockCache);
            if (vmLock == 0)
            {
                cpu.Free(TLayout.Cache, vma.Address);
                return false;
            }

            cpu.Write(new PlainPtr(vma.Address + TLayout.LockOffset), vmLock);
        }

        vma.VmLock(cpu).Initialize(cpu);
        cpu.Write(vma.VmLockSeq, uint.MaxValue);
        return true;
    }

    // vm_area_dup: copies all fields, of an original that its readers may have locked, and gives the copy a lock of
    // its own. The unused fields are zero in both.
    private static VmAreaStruct<TLayout> VmAreaDup<TCpu>(TCpu cpu, VmAreaStruct<TLayout> original) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> copy = new(cpu.Alloc(TLayout.Cache));
        if (copy.Address == 0)
        {
            return copy;
        }

        cpu.Write(copy.VmStart, cpu.Read(original.VmStart));
        cpu.Write(copy.VmEnd, cpu.Read(original.VmEnd));
        cpu.Write(copy.VmMm, cpu.Read(original.VmMm));
        cpu.Write(copy.VmPageProt, cpu.Read(original.VmPageProt));
        cpu.Write(copy.VmFlags, cpu.Read(original.VmFlags));
        cpu.Write(copy.AnonVma, cpu.ReadOnce(original.AnonVma));
        cpu.Write(copy.VmPgoff, cpu.Read(original.VmPgoff));
        if (!VmaLockAlloc(cpu, copy))
        {
            return default;
        }

        if (TLayout.IsLockEmbedded && !TRule.DupMakesFreshLock)
        {
            // The memcpy of the whole struct took the reader count along. A copied wait list would point into the
            // original; the fresh one shows what the count alone does.
            cpu.Write(copy.VmLock(cpu).Count, cpu.ReadOnce(original.VmLock(cpu).Count));
        }

        return copy;
    }

    // vm_area_free
    private void VmAreaFree<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (TRule.FreesAfterGracePeriod && !TLayout.IsReferenceCount)
        {
            Rcu.Call(cpu, vma.VmRcu, VmaReclaim<TLayout>.FreeVma);
        }
        else
        {
            VmaReclaim<TLayout>.VmAreaFree(cpu, vma);
        }
    }
}
