using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <content>The counters.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    // memmap_pages_add; v4: __mod_node_page_state(NODE_DATA(nid), NR_PAGE_METADATA, pages).
    private void Count<TCpu>(TCpu cpu, int node, long pages) where TCpu : struct, ICpu
    {
        if (TRule.CountsByNode)
        {
            CountOnNode(cpu, node, pages, TRule.UsesUnsafeForm);
        }
        else
        {
            // Relaxed: a counter orders nothing.
            cpu.FetchAddRelaxed(NrMemmap, pages);
        }
    }

    // memmap_boot_pages_add: for pages that came from memblock. A node has one counter for both.
    private void CountBoot<TCpu>(TCpu cpu, int node, long pages) where TCpu : struct, ICpu
    {
        if (TRule.CountsByNode)
        {
            CountOnNode(cpu, node, pages, TRule.UsesUnsafeForm);
        }
        else
        {
            // Relaxed: a counter orders nothing.
            cpu.FetchAddRelaxed(NrMemmapBoot, pages);
        }
    }

    // At boot: mod_node_early_perpage_metadata, where the version has thought of it.
    private void CountAtBoot<TCpu>(TCpu cpu, int node, long pages, bool isEarlySite) where TCpu : struct, ICpu
    {
        if (TRule.CountsByNode && (isEarlySite || TRule.CountsEarlyAtBoot))
        {
            // Plain: one task boots.
            cpu.Write(Node(node).Early, cpu.Read(Node(node).Early) + pages);
            return;
        }

        CountBoot(cpu, node, pages);
    }

    private void CountOnNode<TCpu>(TCpu cpu, int node, long pages, bool isUnsafe) where TCpu : struct, ICpu
    {
        NodeStat stat = Node(node).Stat;

        // Where the kernel would write through a null pointer, or to the first per-CPU variable on x86.
        cpu.BugOn(cpu.Read(stat.Parts) == 0, "pgdat->per_cpu_nodestats == NULL");
        if (isUnsafe)
        {
            stat.ModUnsafe(cpu, (int)pages);
        }
        else
        {
            stat.Mod(cpu, (int)pages);
        }
    }
}
