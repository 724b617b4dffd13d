using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>The locks of a userfaultfd move: mm/userfaultfd.c, v6.12.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Moves a page: <c>UFFDIO_MOVE</c>.</summary>
    /// <param name="to">Where to; nothing may be there.</param>
    /// <param name="from">Where from.</param>
    /// <returns>0; <see cref="Errno.NoEntry"/> where a VMA or the page is missing; <see cref="Errno.Exists"/>;
    /// <see cref="Errno.NoMemory"/>.</returns>
    public int UffdMove<TCpu>(TCpu cpu, ulong to, ulong from) where TCpu : struct, ICpu
    {
        cpu.Enter("move_pages", (long)to, (long)from);
        (VmAreaStruct<TLayout> target, VmAreaStruct<TLayout> source) = UffdMoveLock(cpu, to, from);
        int result = Errno.NoEntry;
        if (target.Address != 0)
        {
            result = MovePage(cpu, target, to, from);
            UffdMoveUnlock(cpu, target, source);
        }

        cpu.Leave(result);
        return result;
    }

    /// <summary>Locks the VMAs of two addresses for reading: <c>uffd_move_lock</c>.</summary>
    /// <returns>Both, perhaps the same one twice; both 0 where one is missing or memory is.</returns>
    public (VmAreaStruct<TLayout> Target, VmAreaStruct<TLayout> Source) UffdMoveLock<TCpu>(
        TCpu cpu, ulong to, ulong from)
        where TCpu : struct, ICpu
    {
        cpu.Enter("uffd_move_lock", (long)to, (long)from);
        VmAreaStruct<TLayout> target = UffdLockVma(cpu, to);
        VmAreaStruct<TLayout> source = target;
        if (target.Address != 0 && (from < cpu.Read(target.VmStart) || from >= cpu.Read(target.VmEnd)))
        {
            source = LockVmaUnderRcu(cpu, from);
            if (source.Address == 0)
            {
                (target, source) = MoveLockSlow(cpu, target, to, from);
            }
        }

        cpu.Leave((long)target.Address);
        return (target, source);
    }

    /// <summary>Ends <see cref="UffdMoveLock"/>: <c>uffd_move_unlock</c>.</summary>
    public void UffdMoveUnlock<TCpu>(TCpu cpu, VmAreaStruct<TLayout> target, VmAreaStruct<TLayout> source)
        where TCpu : struct, ICpu
    {
        VmaEndRead(cpu, source);
        if (source.Address != target.Address)
        {
            VmaEndRead(cpu, target);
        }
    }

    // uffd_lock_vma
    private VmAreaStruct<TLayout> UffdLockVma<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = LockVmaUnderRcu(cpu, address);
        if (vma.Address != 0)
        {
            if ((cpu.Read(vma.VmFlags) & VmFlag.Shared) != 0 || cpu.ReadOnce(vma.AnonVma) != 0)
            {
                return vma;
            }

            VmaEndRead(cpu, vma);
        }

        MmapReadLock(cpu);
        vma = FindVmaAndPrepareAnon(cpu, address);
        if (vma.Address != 0)
        {
            // Waiting is right here, and trying is not: while we hold mmap_lock nobody can be marking the VMA, but
            // an old mark may make a try fail.
            vma.VmLock(cpu).DownRead(cpu);
        }

        MmapReadUnlock(cpu);
        return vma;
    }

    // find_vma_and_prepare_anon
    private VmAreaStruct<TLayout> FindVmaAndPrepareAnon<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        VmAreaStruct<TLayout> vma = LookupVma(cpu, address);
        return vma.Address != 0
            && ((cpu.Read(vma.VmFlags) & VmFlag.Shared) != 0 || AnonVmaPrepare(cpu, vma)) ? vma : default;
    }

    // The second part of uffd_move_lock. The first VMA is given up before mmap_lock is waited for: its holder may be
    // waiting for us in VmaStartWrite.
    private (VmAreaStruct<TLayout> Target, VmAreaStruct<TLayout> Source) MoveLockSlow<TCpu>(
        TCpu cpu, VmAreaStruct<TLayout> locked, ulong to, ulong from)
        where TCpu : struct, ICpu
    {
        if (TRule.MoveDropsFirstLock)
        {
            VmaEndRead(cpu, locked);
        }

        MmapReadLock(cpu);
        if (!TRule.MoveDropsFirstLock)
        {
            VmaEndRead(cpu, locked);
        }

        VmAreaStruct<TLayout> target = FindVmaAndPrepareAnon(cpu, to);
        VmAreaStruct<TLayout> source = target.Address == 0 ? default : LookupVma(cpu, from);
        if (source.Address == 0)
        {
            target = default;
        }
        else
        {
            target.VmLock(cpu).DownRead(cpu);
            if (source.Address != target.Address)
            {
                source.VmLock(cpu).DownRead(cpu, subclass: 1);
            }
        }

        MmapReadUnlock(cpu);
        return (target, source);
    }

    // move_pages_pte: both tables locked, the one with the lower address first.
    private int MovePage<TCpu>(TCpu cpu, VmAreaStruct<TLayout> target, ulong to, ulong from) where TCpu : struct, ICpu
    {
        if (!AllocTable(cpu, to))
        {
            return Errno.NoMemory;
        }

        PageDirectory directory = new(cpu.Read(Mm.Pgd));
        nint toTable = cpu.ReadOnce(directory.Entry(to));
        nint fromTable = cpu.ReadOnce(directory.Entry(from));
        if (fromTable == 0)
        {
            return Errno.NoEntry;
        }

        bool isToFirst = toTable <= fromTable;
        PageTable first = LockTable(cpu, isToFirst ? to : from);
        PageTable second = toTable == fromTable ? default : LockTable(cpu, isToFirst ? from : to, subclass: 1);
        int result = MoveEntry(
            cpu, target, new PageTable(fromTable).Entry(from), new PageTable(toTable).Entry(to), to);
        if (second.Address != 0)
        {
            UnlockTable(cpu, second);
        }

        UnlockTable(cpu, first);
        return result;
    }

    // move_present_pte; the page's own lock and that of its anon_vma are not modelled.
    private static int MoveEntry<TCpu>(
        TCpu cpu, VmAreaStruct<TLayout> target, AtomicU64 from, AtomicU64 to, ulong address)
        where TCpu : struct, ICpu
    {
        ulong entry = cpu.ReadOnce(from);
        if ((entry & Pte.Present) == 0)
        {
            return Errno.NoEntry;
        }

        if (cpu.ReadOnce(to) != 0)
        {
            return Errno.Exists;
        }

        Folio folio = new(Pte.Folio(cpu.ExchangeRelaxed(from, 0ul)));
        cpu.Write(folio.Mapping, cpu.ReadOnce(target.AnonVma) | Folio.MappingAnon);
        cpu.Write(folio.Index, ((address - cpu.Read(target.VmStart)) / Pte.PageBytes) + cpu.Read(target.VmPgoff));
        cpu.WriteOnce(to, Pte.Of(folio.Address, cpu.Read(target.VmPageProt)));
        return 0;
    }
}
