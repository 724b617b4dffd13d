using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <content>What must hold while no fault is under way.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    /// <summary>Judges the pages, the counters and the locks.</summary>
    /// <remarks>Context: no operation is open. Cost: O(pages).</remarks>
    public void Audit<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        AddressSpace<TLayout, V612> space = Space(cpu);
        MmStruct mm = space.Mm;
        cpu.Require(!mm.MmapLock.IsLocked(cpu), "mmap_lock is free when no operation is open");
        cpu.Require(!space.IsVmaLocked(cpu, space.FindVma(cpu, 0)), "the VMA is unlocked when no operation is open");
        long mapped = 0;
        long tables = 0;
        long touched = 0;
        for (int task = 0; task < cpu.TaskCount; task++)
        {
            FaultSlice slice = new(cpu.Read(Block.Slice(task)));
            mapped += AuditSlice(cpu, slice);
            tables += cpu.ReadOnce(slice.Pmd) != 0 ? 1 : 0;
            touched += cpu.Read(slice.Touched);
        }

        cpu.Require(mapped == mm.AnonRss.Sum(cpu), "the resident set is the number of mapped pages");
        cpu.Require(
            tables * (long)Pte.PageBytes == cpu.ReadOnce(mm.PgtablesBytes),
            "pgtables_bytes is the size of the page tables");
        AuditCharge(cpu, mapped);
        AuditEvents(cpu, touched);
        long mappedOnNodes = 0;
        for (int node = 0; node < TRule.Nodes; node++)
        {
            mappedOnNodes += AuditNode(cpu, node);
        }

        cpu.Require(mapped == mappedOnNodes, "NR_ANON_MAPPED is the number of mapped pages");
    }

    private long AuditSlice<TCpu>(TCpu cpu, FaultSlice slice) where TCpu : struct, ICpu
    {
        PteTable table = new(cpu.ReadOnce(slice.Pmd));
        long mapped = cpu.Read(slice.Next);
        cpu.Require(table.Address != 0 || mapped == 0, "a slice with mapped pages has its page table");
        cpu.Require(table.Address == 0 || !table.Lock.IsLocked(cpu), "the lock of a page table is free");
        for (long i = 0; i < mapped; i++)
        {
            ulong entry = cpu.ReadOnce(table.Entry(i));
            cpu.Require((entry & Pte.Present) != 0, "every touched page is mapped");
            FaultPage page = new(Pte.Folio(entry));
            cpu.Require(cpu.ReadOnce(page.MapCount) == 1, "a page is mapped once");
            cpu.Require(
                cpu.Read(page.MemcgData) == cpu.Read(Block.Memcg), "a mapped page is charged to the control group");
        }

        return mapped;
    }

    private void AuditCharge<TCpu>(TCpu cpu, long mapped) where TCpu : struct, ICpu
    {
        long stock = 0;
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            stock += cpu.Read(FaultCpu.Of(cpu, i).StockPages);
        }

        FaultMemcg memcg = new(cpu.Read(Block.Memcg));
        long usage = cpu.ReadOnce(memcg.Usage);
        cpu.Require(usage == mapped + stock, "what is charged is what is mapped or in a CPU's stock");
        cpu.Require(
            usage == cpu.ReadOnce(new FaultMemcg(cpu.Read(memcg.Parent)).Usage), "both levels are charged the same");
    }

    private static void AuditEvents<TCpu>(TCpu cpu, long touched) where TCpu : struct, ICpu
    {
        ulong faults = 0;
        ulong underVmaLock = 0;
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            faults += cpu.ReadOnce(FaultCpu.Of(cpu, i).PgFault);
            underVmaLock += cpu.ReadOnce(new VmEvents(cpu.PerCpu(i) + VmEvents.PerCpuOffset).VmaLockSuccess);
        }

        cpu.Require(faults == (ulong)touched, "every touch was one fault");
        cpu.Require(underVmaLock == (ulong)touched, "every fault was handled under the VMA lock");
    }

    // Returns the mapped pages of the node.
    private long AuditNode<TCpu>(TCpu cpu, int number) where TCpu : struct, ICpu
    {
        FaultNode node = Node(cpu, number);
        FaultZone zone = node.Zone;
        cpu.Require(!zone.Lock.IsLocked(cpu), "the lock of a zone is free");
        cpu.Require(!node.Lruvec.LruLock.IsLocked(cpu), "the lock of an LRU list is free");
        long managed = cpu.Read(zone.Managed);
        long free = LengthOf(cpu, zone.FreeList, managed);
        cpu.Require(free == cpu.Read(zone.NrFree), "nr_free is the length of the zone's list");
        cpu.Require(free == zone.FreePages.Snapshot(cpu), "NR_FREE_PAGES is the length of the zone's list");
        long spare = 0;
        long waiting = 0;
        for (int i = number; i < cpu.CpuCount; i += TRule.Nodes)
        {
            FaultCpu own = FaultCpu.Of(cpu, i);
            int count = cpu.Read(own.PcpCount);
            cpu.Require(count == LengthOf(cpu, own.PcpList, managed), "a CPU's count is the length of its list");
            spare += count;
            waiting += cpu.Read(own.BatchCount);
        }

        long mapped = node.AnonMapped.Snapshot(cpu);
        cpu.Require(free + spare + mapped == managed, "every page is free, a CPU's or mapped");
        FaultLruvec lruvec = node.Lruvec;
        long onLists = LengthOf(cpu, lruvec.InactiveAnon, managed) + LengthOf(cpu, lruvec.ActiveAnon, managed);
        cpu.Require(onLists == cpu.Read(lruvec.NrAnon), "lru_zone_size is the length of the LRU lists");
        cpu.Require(onLists == node.LruAnon.Snapshot(cpu), "the node counts the pages of the LRU lists");
        cpu.Require(onLists + waiting == mapped, "every mapped page is on an LRU list or waits for it");
        return mapped;
    }

    // A list that was damaged may have no end.
    private static long LengthOf<TCpu>(TCpu cpu, ListHead list, long most) where TCpu : struct, ICpu
    {
        long length = 0;
        nint link = cpu.Read(list.Next);
        while (link != list.Address && length <= most)
        {
            cpu.Require(link != 0, "a list of pages leads back to its head");
            length++;
            link = cpu.Read(new ListHead(link).Next);
        }

        return length;
    }
}
