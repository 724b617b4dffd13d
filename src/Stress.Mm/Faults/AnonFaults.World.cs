using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <content>What faults need, what must hold when none is open, and the end.</content>
public readonly partial struct AnonFaults<TLayout, TRule>
{
    private const string PagesLost = "free, spare and mapped pages are all pages";
    private const string LruBroken = "the LRU list holds the mapped pages that wait in no batch";
    private const string ChargeWrong = "charged are the mapped pages and the stocks";
    private const string RssWrong = "the resident set is what is mapped";
    private const string LockLeft = "nobody holds the VMA";
    private const int PagesPerTask = PteTable.Entries + (2 * PcpBatch);

    /// <summary>Builds everything, for as many tasks as the machine has.</summary>
    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.BugOn(cpu.TaskCount > FaultBlock.MaxTasks, "there are slices for 256 tasks");
        Block.Rcu.Initialize(cpu);
        MmStruct mm = AddressSpace<TLayout, V612>.Make(cpu);
        cpu.Label(mm, "mm");
        cpu.Write(Block.Mm, mm.Address);
        AddressSpace<TLayout, V612> space = Space(cpu);
        space.Mmap(cpu, 0, (ulong)cpu.TaskCount * PteTable.Entries * Pte.PageBytes, VmFlag.Read | VmFlag.Write);
        space.AnonVmaPrepare(cpu, space.FindVma(cpu, 0));
        PrepareTables(cpu, mm);
        PrepareMemcg(cpu, mm);
        for (int node = 0; node < FaultBlock.Nodes; node++)
        {
            PrepareNode(cpu, node);
        }

        for (int task = 0; task < cpu.TaskCount; task++)
        {
            FaultSlice slice = new(cpu.Alloc(FaultSlice.Cache));
            cpu.Write(slice.Data, cpu.Alloc(PageData.Cache));
            cpu.Write(Block.Slice(task), slice.Address);
        }

        for (int i = 0; i < cpu.CpuCount; i++)
        {
            FaultCpu own = FaultCpu.In(cpu.PerCpu(i));
            own.PcpLock.Initialize(cpu);
            own.PcpList.Initialize(cpu);
        }
    }

    /// <summary>Judges the state while no fault is open.</summary>
    public void Audit<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MmStruct mm = Space(cpu).Mm;
        cpu.Require(!Space(cpu).FindVma(cpu, 0).VmLock(cpu).IsLocked(cpu), LockLeft);
        long mapped = 0;
        for (int task = 0; task < cpu.TaskCount; task++)
        {
            mapped += cpu.Read(new FaultSlice(cpu.Read(Block.Slice(task))).Next);
        }

        long spare = 0;
        long waiting = 0;
        long stock = 0;
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            FaultCpu own = FaultCpu.In(cpu.PerCpu(i));
            spare += cpu.Read(own.PcpCount);
            waiting += cpu.Read(own.BatchCount);
            stock += cpu.Read(own.StockPages);
        }

        long free = 0;
        long listed = 0;
        long all = 0;
        for (int i = 0; i < FaultBlock.Nodes; i++)
        {
            NumaNode node = new(cpu.Read(Block.Node(i)));
            free += Length(cpu, node.FreeList, cpu.Read(node.NrFree), PagesLost);
            listed += Length(cpu, node.LruList, cpu.Read(node.NrLru), LruBroken);
            all += PagesOf(cpu, i);
        }

        cpu.Require(free + spare + mapped == all, PagesLost);
        cpu.Require(listed + waiting == mapped, LruBroken);
        cpu.Require(mm.AnonRss.Sum(cpu) == mapped, RssWrong);
        MemCgroup memcg = new(cpu.Read(Block.Memcg));
        cpu.Require(cpu.ReadOnce(memcg.Usage) == mapped + stock, ChargeWrong);
        cpu.Require(cpu.ReadOnce(new MemCgroup(cpu.Read(memcg.Parent)).Usage) == mapped + stock, ChargeWrong);
    }

    /// <summary>Gives everything back.</summary>
    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (int task = 0; task < cpu.TaskCount; task++)
        {
            UnmapSlice(cpu, task);
            FaultSlice slice = new(cpu.Read(Block.Slice(task)));
            cpu.Free(PageData.Cache, cpu.Read(slice.Data));
            cpu.Free(FaultSlice.Cache, slice.Address);
            FreeList(cpu, FaultCpu.In(cpu.PerCpu(task)).PcpList);
        }

        for (int i = 0; i < FaultBlock.Nodes; i++)
        {
            NumaNode node = new(cpu.Read(Block.Node(i)));
            FreeList(cpu, node.FreeList);
            cpu.Free(NumaNode.Cache, node.Address);
        }

        MmStruct mm = Space(cpu).Mm;
        OwnerTask owner = new(cpu.Read(mm.Owner));
        MemCgroup memcg = new(cpu.Read(Block.Memcg));
        cpu.Free(MemCgroup.Cache, cpu.Read(memcg.Parent));
        cpu.Free(MemCgroup.Cache, memcg.Address);
        cpu.Free(OwnerTask.Cache, owner.Address);
        cpu.Free(UpperTables.Cache, cpu.Read(mm.Pgd));
        cpu.Write(mm.Pgd, cpu.Read(Block.Directory));
        Space(cpu).Exit(cpu);
        VmaReclaim<TLayout>.Drain(cpu, Block.Rcu);
    }

    private static long PagesOf<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
        => ((cpu.CpuCount + FaultBlock.Nodes - 1 - node) / FaultBlock.Nodes * PagesPerTask) + PcpBatch;

    // The directory that the address space came with is kept aside: its tables are smaller than those of faults.
    private void PrepareTables<TCpu>(TCpu cpu, MmStruct mm) where TCpu : struct, ICpu
    {
        UpperTables upper = new(cpu.Alloc(UpperTables.Cache));
        cpu.Write(upper.Pgd, upper.Address);
        cpu.Write(upper.Pud, upper.Address);
        cpu.Write(Block.Directory, cpu.Read(mm.Pgd));
        cpu.Write(mm.Pgd, upper.Address);
    }

    private void PrepareMemcg<TCpu>(TCpu cpu, MmStruct mm) where TCpu : struct, ICpu
    {
        MemCgroup parent = new(cpu.Alloc(MemCgroup.Cache));
        MemCgroup memcg = new(cpu.Alloc(MemCgroup.Cache));
        cpu.Write(parent.Max, long.MaxValue);
        cpu.Write(memcg.Max, long.MaxValue);
        cpu.Write(memcg.Parent, parent.Address);
        OwnerTask owner = new(cpu.Alloc(OwnerTask.Cache));
        cpu.Write(owner.Cgroups, owner.Address);
        cpu.Write(owner.Subsys, memcg.Address);
        cpu.Write(mm.Owner, owner.Address);
        cpu.Write(Block.Memcg, memcg.Address);
        cpu.Label(parent, "root_mem_cgroup");
    }

    private void PrepareNode<TCpu>(TCpu cpu, int number) where TCpu : struct, ICpu
    {
        NumaNode node = new(cpu.Alloc(NumaNode.Cache));
        cpu.Label(node, number == 0 ? "node0" : "node1");
        node.Lock.Initialize(cpu);
        node.LruLock.Initialize(cpu);
        node.FreeList.Initialize(cpu);
        node.LruList.Initialize(cpu);
        long pages = PagesOf(cpu, number);
        for (long i = 0; i < pages; i++)
        {
            node.FreeList.AddBefore(cpu, new PageFrame(cpu.Alloc(PageFrame.Cache)).Lru);
        }

        cpu.Write(node.NrFree, pages);
        cpu.WriteOnce(node.NrFreePages, pages);
        cpu.Write(node.Watermark, -pages);
        cpu.Write(Block.Node(number), node.Address);
    }

    private static void FreeList<TCpu>(TCpu cpu, ListHead list) where TCpu : struct, ICpu
    {
        nint link = cpu.Read(list.Next);
        while (link != list.Address)
        {
            nint next = cpu.Read(new ListHead(link).Next);
            cpu.Free(PageFrame.Cache, PageFrame.OfLru(link).Address);
            link = next;
        }
    }

    // How long a list is; it must be linked both ways, and as long as is said.
    private static long Length<TCpu>(TCpu cpu, ListHead list, long expected, string broken) where TCpu : struct, ICpu
    {
        long length = 0;
        nint before = list.Address;
        nint link = cpu.Read(list.Next);
        while (link != list.Address)
        {
            cpu.Require(length < expected && cpu.Read(new ListHead(link).Prev) == before, broken);
            length++;
            before = link;
            link = cpu.Read(new ListHead(link).Next);
        }

        cpu.Require(length == expected && cpu.Read(list.Prev) == before, broken);
        return length;
    }
}
