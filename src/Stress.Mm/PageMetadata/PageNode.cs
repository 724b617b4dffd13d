using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <summary>A node of memory: <c>pglist_data</c>, with the free pages of its one zone.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by                       read by
///      0     24  Stat       see <see cref="NodeStat"/>       the same
///     24      8  Early      the booting task                 the booting task
///     32      4  Lock       -                                -
///     36      4  IsFull     Prepare                          whoever allocates
///     40      4  IsOnline   Prepare                          anybody
///     48     16  FreeList   holder of zone.lock              holder of zone.lock
///     64      8  FreePages  holder of zone.lock              holder of zone.lock
///     72     16  Offline    the hotplug task                 the hotplug task
///     88      8  MemMap     the booting task                 audits (FLATMEM)
///     96      8  PageExt    the booting task                 audits (FLATMEM)
///    128   2048  Parts      see <see cref="NodeStat.Parts"/>
/// </code>
/// The item that Stat counts is NR_PAGE_METADATA. Deviation: a free page is not handed out again; the oldest of more
/// than <see cref="MaxFree"/> goes to somebody who is not modelled. While the machine boots, Parts stand in for
/// <c>boot_nodestats</c>, which hold nothing back.
/// Source: <c>include/linux/mmzone.h</c>, v6.12.
/// </remarks>
public readonly partial struct PageNode(nint at) : IHandle
{
    /// <summary>How many nodes there are.</summary>
    public const int Count = 2;

    /// <summary>How many CPUs there may be.</summary>
    public const int MaxCpus = 32;

    /// <summary>How many pages are kept as free.</summary>
    public const long MaxFree = 32;

    /// <summary>The class of <see cref="Lock"/>: innermost, taken with interrupts off.</summary>
    public static readonly LockClass ZoneLock = new("zone.lock");

    /// <inheritdoc/>
    public static int Bytes => 128 + (MaxCpus * NodeStat.PartStride);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The counter of metadata pages (<c>NR_PAGE_METADATA</c>).</summary>
    public NodeStat Stat => new(at);

    /// <summary>Pages counted before there are per-CPU counters (<c>early_perpage_metadata[nid]</c>).</summary>
    public PlainS64 Early => new(at + 24);

    /// <summary>Protects the free pages.</summary>
    public QueuedSpinLock Lock => new(at + 32, ZoneLock);

    /// <summary>1 when there is no memory left on the node.</summary>
    public PlainU32 IsFull => new(at + 36);

    /// <summary>1 when the node is online.</summary>
    public PlainU32 IsOnline => new(at + 40);

    /// <summary>Free pages, the newest first.</summary>
    public ListHead FreeList => new(at + 48);

    /// <summary>How many pages are free.</summary>
    public PlainS64 FreePages => new(at + 64);

    /// <summary>Free pages whose memory has gone offline.</summary>
    public ListHead Offline => new(at + 72);

    /// <summary>The map of all the node's memory, with FLATMEM (<c>node_mem_map</c>).</summary>
    public PlainPtr MemMap => new(at + 88);

    /// <summary>The page_ext of all the node's memory, with FLATMEM (<c>node_page_ext</c>).</summary>
    public PlainPtr PageExt => new(at + 96);

    /// <summary>Address of the per-CPU parts.</summary>
    public nint Parts => at + 128;

    /// <summary>Makes it, online and without counters.</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Write(Stat.Node, 0L);
        cpu.Write(Stat.Global, 0L);
        cpu.Write(Stat.Parts, 0);
        cpu.Write(Early, 0L);
        cpu.Write(IsFull, 0u);
        cpu.Write(IsOnline, 1u);
        cpu.Write(FreePages, 0L);
        cpu.Write(MemMap, 0);
        cpu.Write(PageExt, 0);
        Lock.Initialize(cpu);
        FreeList.Initialize(cpu);
        Offline.Initialize(cpu);
    }

    /// <summary>Gives the counter its parts, all 0: <c>free_area_init_core</c>, <c>setup_per_cpu_pageset</c>.</summary>
    /// <param name="threshold">0 to 125.</param>
    public void UseParts<TCpu>(TCpu cpu, sbyte threshold) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.CpuCount <= MaxCpus, "a node has counters for every CPU");
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            NodeStatPart part = new(Parts + (i * NodeStat.PartStride));
            cpu.Write(part.Threshold, threshold);
            cpu.Write(part.Diff, (sbyte)0);
        }

        cpu.Write(Stat.Parts, Parts);
    }

    /// <summary>What was counted, parts included; unlike <see cref="NodeStat.Snapshot"/> also below 0.</summary>
    /// <remarks>Context: nobody counts.</remarks>
    public long Counted<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long sum = cpu.ReadOnce(Stat.Node) + cpu.Read(Early);
        nint parts = cpu.Read(Stat.Parts);
        for (int i = 0; parts != 0 && i < cpu.CpuCount; i++)
        {
            sum += cpu.ReadOnce(new NodeStatPart(parts + (i * NodeStat.PartStride)).Diff);
        }

        return sum;
    }

    /// <summary>Takes a page back, and poisons what it holds: <c>__free_page</c>, <c>kernel_poison_pages</c>.</summary>
    public void FreePage<TCpu>(TCpu cpu, PageFrame page) where TCpu : struct, ICpu
    {
        nint surplus = 0;
        page.Fill(cpu, PageFrame.Poison, PageFrame.Poison);
        Lock.AcquireIrq(cpu);
        FreeList.AddAfter(cpu, page.Lru);
        long free = cpu.Read(FreePages) + 1;
        if (free > MaxFree)
        {
            surplus = cpu.Read(FreeList.Prev);
            new ListHead(surplus).Delete(cpu);
            free--;
        }

        cpu.Write(FreePages, free);
        Lock.ReleaseIrq(cpu);
        if (surplus != 0)
        {
            cpu.Free(PageFrame.Cache, surplus);
        }
    }

    /// <summary>Takes the memory offline in which the free pages lie, and poisons their struct pages:
    /// <c>offline_pages</c>, <c>remove_pfn_range_from_zone</c>.</summary>
    /// <remarks>Context: one task.</remarks>
    public void OfflineFreePages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("remove_pfn_range_from_zone");
        Lock.AcquireIrq(cpu);
        for (nint page = cpu.Read(FreeList.Next); page != FreeList.Address; page = cpu.Read(new ListHead(page).Next))
        {
            // Relaxed: nobody is to look at a free page.
            cpu.WriteOnce(new PageFrame(page).Flags, PageFrame.Poison);
        }

        FreeList.SpliceInto(cpu, Offline);
        FreeList.Initialize(cpu);
        cpu.Write(FreePages, 0L);
        Lock.ReleaseIrq(cpu);
        cpu.Leave();
    }

    /// <summary>Removes the memory that is offline: <c>arch_remove_memory</c>.</summary>
    /// <remarks>Context: the task that took it offline.</remarks>
    public void RemoveOffline<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint page = cpu.Read(Offline.Next);
        while (page != Offline.Address)
        {
            nint next = cpu.Read(new ListHead(page).Next);
            cpu.Free(PageFrame.Cache, page);
            page = next;
        }

        Offline.Initialize(cpu);
    }
}
