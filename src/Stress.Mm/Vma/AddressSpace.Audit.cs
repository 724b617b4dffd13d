using Stress.Machine;

namespace Stress.Mm.Vma;

/// <content>What must hold while no operation is open.</content>
public readonly partial struct AddressSpace<TLayout, TRule>
{
    /// <summary>Judges the whole address space.</summary>
    /// <remarks>Context: no operation is open.</remarks>
    public void Audit<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(!Mm.MmapLock.IsLocked(cpu), "mmap_lock is free when no operation is open");
        int vmas = 0;
        int pages = 0;
        VmAreaStruct<TLayout> vma = FindVma(cpu, 0);
        while (vma.Address != 0)
        {
            cpu.Require(!IsVmaLocked(cpu, vma), "every vm_lock is free when no operation is open");
            cpu.Require(cpu.Read(vma.VmMm) == mm, "every VMA in the tree belongs to the address space");
            cpu.Require(TLayout.IsReferenceCount || cpu.Read(vma.Detached) == 0, "no VMA in the tree is detached");
            pages += AuditPages(cpu, vma);
            vmas++;
            vma = FindVma(cpu, cpu.Read(vma.VmEnd));
        }

        cpu.Require(vmas == cpu.Read(Mm.MapCount), "map_count is the number of VMAs in the tree");
        cpu.Require(pages == Mm.AnonRss.Sum(cpu), "the resident set is the number of present PTEs");
        AuditTables(cpu, pages);
    }

    private int AuditPages<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        int present = 0;
        bool mayWrite = (cpu.Read(vma.VmFlags) & VmFlag.Write) != 0;
        ulong end = cpu.Read(vma.VmEnd);
        for (ulong at = cpu.Read(vma.VmStart); at < end; at += Pte.PageBytes)
        {
            ulong entry = ReadEntry(cpu, at);
            present += (entry & Pte.Present) != 0 ? 1 : 0;
            cpu.Require(mayWrite || !Pte.IsWritable(entry), "no PTE is writable in a VMA that is not");
        }

        return present;
    }

    private void AuditTables<TCpu>(TCpu cpu, int mapped) where TCpu : struct, ICpu
    {
        PageDirectory directory = new(cpu.Read(Mm.Pgd));
        int present = 0;
        long bytes = 0;
        for (ulong at = 0; at < PageDirectory.TaskSize; at += PageTable.Span)
        {
            nint table = cpu.ReadOnce(directory.Entry(at));
            bytes += table != 0 ? (long)Pte.PageBytes : 0;
            for (ulong page = at; table != 0 && page < at + PageTable.Span; page += Pte.PageBytes)
            {
                present += (cpu.ReadOnce(new PageTable(table).Entry(page)) & Pte.Present) != 0 ? 1 : 0;
            }
        }

        cpu.Require(present == mapped, "no PTE is present outside of all VMAs");
        cpu.Require(bytes == cpu.ReadOnce(Mm.PgtablesBytes), "pgtables_bytes is the size of the page tables");
    }

    /// <summary>The first word of the page at an address; 0 where none is present.</summary>
    /// <remarks>Context: no operation is open.</remarks>
    public ulong Peek<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        ulong entry = ReadEntry(cpu, address);
        return (entry & Pte.Present) == 0 ? 0 : cpu.Read(new Folio(Pte.Folio(entry)).Content);
    }
}
