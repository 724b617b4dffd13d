using System;
using System.Globalization;
using System.Text;

namespace Stress.Mm.PageMetadata;

/// <summary>The figures that surround the metadata in meminfo, in pages of 4 KiB unless said otherwise.</summary>
public sealed record MeminfoValues
{
    /// <summary>Anonymous memory (<c>NR_ANON_MAPPED</c>).</summary>
    public long AnonPages { get; init; }

    /// <summary>Mapped files (<c>NR_FILE_MAPPED</c>).</summary>
    public long Mapped { get; init; }

    /// <summary>Shared memory and tmpfs (<c>NR_SHMEM</c>).</summary>
    public long Shmem { get; init; }

    /// <summary>Pages of metadata; null in versions whose meminfo does not show them.</summary>
    public long? PageMetadata { get; init; }

    /// <summary>Reclaimable kernel memory.</summary>
    public long KReclaimable { get; init; }

    /// <summary>Kernel stacks, in KiB.</summary>
    public long KernelStackKb { get; init; }
}

/// <summary>The lines around the metadata of /proc/meminfo, of a node's meminfo, and of /proc/vmstat.</summary>
/// <remarks>Source: <c>fs/proc/meminfo.c</c>, <c>drivers/base/node.c</c>, <c>mm/vmstat.c</c>, v6.12, and
/// [PATCH v4 1/1] mm: report per-page metadata information.</remarks>
public static class MeminfoText
{
    private const int PageKb = 4;

    /// <summary>Five lines of /proc/meminfo, or four: <c>meminfo_proc_show</c>.</summary>
    public static string Proc(MeminfoValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var text = new StringBuilder();
        AppendLine(text, "AnonPages:      ", values.AnonPages * PageKb);
        AppendLine(text, "Mapped:         ", values.Mapped * PageKb);
        AppendLine(text, "Shmem:          ", values.Shmem * PageKb);
        if (values.PageMetadata is { } pages)
        {
            AppendLine(text, "PageMetadata:   ", pages * PageKb);
        }

        AppendLine(text, "KReclaimable:   ", values.KReclaimable * PageKb);
        return text.ToString();
    }

    /// <summary>The lines of /sys/devices/system/node/nodeN/meminfo: <c>node_read_meminfo</c>.</summary>
    /// <param name="node">N.</param>
    /// <param name="values">The node's figures.</param>
    public static string Node(int node, MeminfoValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"Node {node} ");
        var text = new StringBuilder();
        AppendLine(text, prefix + "Mapped:         ", values.Mapped * PageKb);
        AppendLine(text, prefix + "AnonPages:      ", values.AnonPages * PageKb);
        AppendLine(text, prefix + "Shmem:          ", values.Shmem * PageKb);
        if (values.PageMetadata is { } pages)
        {
            AppendLine(text, prefix + "PageMetadata:   ", pages * PageKb);
        }

        AppendLine(text, prefix + "KernelStack:    ", values.KernelStackKb);
        return text.ToString();
    }

    /// <summary>The two lines of /proc/vmstat, in pages, since v6.12: <c>vmstat_show</c>.</summary>
    /// <param name="buddy">Pages from the page allocator.</param>
    /// <param name="boot">Pages from memblock.</param>
    public static string Vmstat(long buddy, long boot)
        => string.Create(CultureInfo.InvariantCulture, $"nr_memmap_pages {buddy}\nnr_memmap_boot_pages {boot}\n");

    // seq_put_decimal_ull_width(m, name, kb, 8)
    private static void AppendLine(StringBuilder text, string name, long kb)
        => text.Append(name).Append(CultureInfo.InvariantCulture, $"{kb,8}").Append(" kB\n");
}
