using Stress.Mm.PageMetadata;
using Xunit;

namespace Stress.Mm.Tests.PageMetadata;

/// <summary>The text that users read, to the byte.</summary>
public sealed class MeminfoTextTests
{
    private static readonly MeminfoValues s_values = new()
    {
        AnonPages = 1_163_695,
        Mapped = 66_561,
        Shmem = 2_494,
        PageMetadata = 128_354,
        KReclaimable = 129_427,
        KernelStackKb = 8_176,
    };

    [Fact]
    public void Proc_V4_HasPageMetadataBehindShmem()
        => Assert.Equal(
            "AnonPages:       4654780 kB\n"
            + "Mapped:           266244 kB\n"
            + "Shmem:              9976 kB\n"
            + "PageMetadata:     513416 kB\n"
            + "KReclaimable:     517708 kB\n",
            MeminfoText.Proc(s_values));

    [Fact]
    public void Proc_Upstream_HasNoPageMetadata()
        => Assert.Equal(
            "AnonPages:       4654780 kB\n"
            + "Mapped:           266244 kB\n"
            + "Shmem:              9976 kB\n"
            + "KReclaimable:     517708 kB\n",
            MeminfoText.Proc(s_values with { PageMetadata = null }));

    [Fact]
    public void Node_V4_HasPageMetadataBehindShmem()
        => Assert.Equal(
            "Node 1 Mapped:           266244 kB\n"
            + "Node 1 AnonPages:       4654780 kB\n"
            + "Node 1 Shmem:              9976 kB\n"
            + "Node 1 PageMetadata:     513416 kB\n"
            + "Node 1 KernelStack:        8176 kB\n",
            MeminfoText.Node(1, s_values));

    [Fact]
    public void Node_Upstream_HasNoPageMetadata()
        => Assert.Equal(
            "Node 0 Mapped:           266244 kB\n"
            + "Node 0 AnonPages:       4654780 kB\n"
            + "Node 0 Shmem:              9976 kB\n"
            + "Node 0 KernelStack:        8176 kB\n",
            MeminfoText.Node(0, s_values with { PageMetadata = null }));

    [Fact]
    public void Proc_MoreThanEightDigits_WidensTheLine()
        => Assert.StartsWith(
            "AnonPages:      4000000000 kB\n",
            MeminfoText.Proc(s_values with { AnonPages = 1_000_000_000 }),
            System.StringComparison.Ordinal);

    [Fact]
    public void Vmstat_Upstream_HasBothCountersInPages()
        => Assert.Equal(
            "nr_memmap_pages 9\nnr_memmap_boot_pages 16384\n", MeminfoText.Vmstat(buddy: 9, boot: 16_384));
}
