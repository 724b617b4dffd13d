using System;
using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <content>What users are shown.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>A node's pages of metadata, as its meminfo shows them: <c>node_page_state</c>.</summary>
    /// <returns>Without what is still in the per-CPU parts; never below 0.</returns>
    public long NodePages<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
        => Math.Max(FoldedPages(cpu, node), 0);

    /// <summary>All pages of metadata, as /proc/meminfo shows them: <c>meminfo_proc_show</c>.</summary>
    /// <returns>As <see cref="NodePages"/>, for the nodes that are online.</returns>
    public long MeminfoPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("meminfo_proc_show");
        long pages = 0;
        for (int node = 0; node < PageNode.Count; node++)
        {
            if (cpu.Read(Node(node).IsOnline) != 0)
            {
                pages += TRule.ClampsEachNode ? NodePages(cpu, node) : FoldedPages(cpu, node);
            }
        }

        pages = Math.Max(pages, 0);
        cpu.Leave(pages);
        return pages;
    }

    /// <summary>The two counters, as /proc/vmstat shows them: <c>memmap_pages</c> and <c>memmap_boot_pages</c>.
    /// </summary>
    public (long Buddy, long Boot) VmstatPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("vmstat_start");

        // Relaxed, one after the other: a page that changes from one counter to the other may be in both or in none.
        long buddy = cpu.ReadOnce(NrMemmap);
        long boot = cpu.ReadOnce(NrMemmapBoot);
        cpu.Leave(buddy + boot);
        return (buddy, boot);
    }

    /// <summary>Moves this CPU's parts to the nodes: <c>refresh_cpu_vm_stats</c>.</summary>
    public void Fold<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("refresh_cpu_vm_stats");
        for (int node = 0; node < PageNode.Count; node++)
        {
            Node(node).Stat.Fold(cpu);
        }

        cpu.Leave();
    }

    private long FoldedPages<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
        // Relaxed: a count is old as soon as it is read.
        => cpu.ReadOnce(Node(node).Stat.Node);
}
