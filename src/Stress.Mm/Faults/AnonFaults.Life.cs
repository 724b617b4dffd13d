using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <content>The beginning and the end.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    // Of each CPU; more come as they are needed.
    private const int FirstPages = 4;
    private const int SmallBatch = 2;
    private const long Unlimited = long.MaxValue / 4096;

    /// <summary>Makes the address space with its one mapping, the memory and the control groups, from slab caches.
    /// </summary>
    /// <remarks>Context: before any task runs.</remarks>
    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.BugOn(cpu.TaskCount > FaultBlock.MaxTasks, "there are slices for 256 tasks");
        cpu.Label(Block, "world");
        cpu.Label(Block.Rcu, "rcu_state");
        Block.Rcu.Initialize(cpu);
        MmStruct mm = AddressSpace<TLayout, V612>.Make(cpu);
        cpu.Require(mm.Address != 0, "there is memory for the address space");
        cpu.Label(mm, "mm");
        cpu.Write(Block.Mm, mm.Address);
        MakeGroups(cpu, mm);
        MakeMapping(cpu, mm);
        for (int node = 0; node < TRule.Nodes; node++)
        {
            MakeNode(cpu, node);
        }

        for (int i = 0; i < cpu.CpuCount; i++)
        {
            FaultCpu own = FaultCpu.Of(cpu, i);
            own.PcpLock.Initialize(cpu);
            own.PcpList.Initialize(cpu);
            cpu.Write(own.PcpBatch, TRule.PcpBatch);
            AddPages(cpu, Node(cpu, i % TRule.Nodes), FirstPages);
        }

        for (int task = 0; task < cpu.TaskCount; task++)
        {
            cpu.Write(Block.Slice(task), Made(cpu, FaultSlice.Cache));
        }
    }

    /// <summary>Lets the list of the running CPU take two pages from the zone at once, as with little memory: an explored
    /// run is then shorter by far.</summary>
    public static void TakeFewPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Write(FaultCpu.Of(cpu, cpu.Id).PcpBatch, SmallBatch);

    private static nint Made<TCpu>(TCpu cpu, SlabCache cache) where TCpu : struct, ICpu
    {
        nint made = cpu.Alloc(cache);
        cpu.Require(made != 0, "there is memory for the setup");
        return made;
    }

    private void MakeGroups<TCpu>(TCpu cpu, MmStruct mm) where TCpu : struct, ICpu
    {
        FaultMemcg root = new(Made(cpu, FaultMemcg.Cache));
        FaultMemcg memcg = new(Made(cpu, FaultMemcg.Cache));
        cpu.Write(root.Max, Unlimited);
        cpu.Write(memcg.Max, Unlimited);
        cpu.Write(memcg.Parent, root.Address);
        cpu.Write(Block.Memcg, memcg.Address);
        OwnerTask owner = new(Made(cpu, OwnerTask.Cache));
        cpu.Write(owner.Cgroups, owner.Address);
        cpu.Write(owner.Subsys, memcg.Address);
        cpu.Write(Block.Owner, owner.Address);
        cpu.Write(mm.Owner, owner.Address);
    }

    private void MakeMapping<TCpu>(TCpu cpu, MmStruct mm) where TCpu : struct, ICpu
    {
        AddressSpace<TLayout, V612> space = Space(cpu);
        ulong end = (ulong)cpu.TaskCount * PteTable.Span;
        int result = space.Mmap(cpu, 0, end, VmFlag.Read | VmFlag.Write);
        cpu.Require(result == 0, "there is memory for the mapping");

        // The main thread of pft is through its first fault before the others start, so the anon_vma is there.
        space.MmapReadLock(cpu);
        bool isPrepared = space.AnonVmaPrepare(cpu, space.LookupVma(cpu, 0));
        space.MmapReadUnlock(cpu);
        cpu.Require(isPrepared, "there is memory for the anon_vma");
        cpu.Write(Block.Directory, cpu.Read(mm.Pgd));
        UpperTables upper = new(Made(cpu, UpperTables.Cache));
        cpu.Write(upper.Pgd, upper.Address);
        cpu.Write(upper.Pud, upper.Address);
        cpu.Write(mm.Pgd, upper.Address);
    }

    private void MakeNode<TCpu>(TCpu cpu, int number) where TCpu : struct, ICpu
    {
        FaultNode node = new(Made(cpu, FaultNode.Cache));
        SlabCache cache = StatParts.CacheFor(cpu.CpuCount);
        nint parts = Made(cpu, cache);
        int ofCounter = cache.ObjectBytes / StatParts.Counters;
        cpu.Write(Block.Node(number), node.Address);
        cpu.Write(node.Parts, parts);
        cpu.Write(node.Zone.PerCpuPageset, (nint)number + 1);
        cpu.Write(node.Zone.WatermarkLow, -(long)(TRule.StatThreshold * cpu.CpuCount));
        node.Zone.Lock.Initialize(cpu);
        node.Zone.FreeList.Initialize(cpu);
        node.Lruvec.LruLock.Initialize(cpu);
        node.Lruvec.InactiveAnon.Initialize(cpu);
        node.Lruvec.ActiveAnon.Initialize(cpu);
        node.Zone.FreePages.Initialize(cpu, parts, TRule.StatThreshold);
        node.AnonMapped.Initialize(cpu, parts + ofCounter, TRule.StatThreshold);
        node.LruAnon.Initialize(cpu, parts + (2 * ofCounter), TRule.StatThreshold);
    }

    /// <summary>Gives everything back.</summary>
    /// <remarks>Context: after the last task has ended.</remarks>
    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (int task = 0; task < cpu.TaskCount; task++)
        {
            FreeSlice(cpu, new(cpu.Read(Block.Slice(task))));
        }

        for (int i = 0; i < cpu.CpuCount; i++)
        {
            FreeList(cpu, FaultCpu.Of(cpu, i).PcpList);
        }

        for (int number = 0; number < TRule.Nodes; number++)
        {
            FaultNode node = Node(cpu, number);
            FreeList(cpu, node.Zone.FreeList);
            cpu.Free(StatParts.CacheFor(cpu.CpuCount), cpu.Read(node.Parts));
            cpu.Free(FaultNode.Cache, node.Address);
        }

        FaultMemcg memcg = new(cpu.Read(Block.Memcg));
        cpu.Free(FaultMemcg.Cache, cpu.Read(memcg.Parent));
        cpu.Free(FaultMemcg.Cache, memcg.Address);
        cpu.Free(OwnerTask.Cache, cpu.Read(Block.Owner));
        AddressSpace<TLayout, V612> space = Space(cpu);
        cpu.Free(UpperTables.Cache, cpu.Read(space.Mm.Pgd));
        cpu.Write(space.Mm.Pgd, cpu.Read(Block.Directory));
        space.Exit(cpu);
        VmaReclaim<TLayout>.Drain(cpu, Block.Rcu);
    }

    // What exit would do for a task that has gone; the counts have been checked before.
    private void FreeSlice<TCpu>(TCpu cpu, FaultSlice slice) where TCpu : struct, ICpu
    {
        MmStruct mm = Space(cpu).Mm;
        PteTable table = new(cpu.Read(slice.Pmd));
        long mapped = cpu.Read(slice.Next);
        for (long i = 0; i < mapped; i++)
        {
            cpu.Free(FaultPage.Cache, Pte.Folio(cpu.Read(table.Entry(i))));
        }

        if (table.Address != 0)
        {
            mm.AnonRss.Add(cpu, -mapped);
            cpu.FetchAddRelaxed(mm.PgtablesBytes, -(long)Pte.PageBytes);
            cpu.Free(PteTable.Cache, table.Address);
        }

        for (long page = 0; page < FaultSlice.ContentPages; page++)
        {
            nint content = cpu.Read(slice.Content(page));
            if (content != 0)
            {
                cpu.Free(PageContent.Cache, content);
            }
        }

        cpu.Free(FaultSlice.Cache, slice.Address);
    }

    private static void FreeList<TCpu>(TCpu cpu, ListHead list) where TCpu : struct, ICpu
    {
        nint link = cpu.Read(list.Next);
        while (link != list.Address)
        {
            nint next = cpu.Read(new ListHead(link).Next);
            cpu.Free(FaultPage.Cache, FaultPage.OfLru(link).Address);
            link = next;
        }
    }
}
