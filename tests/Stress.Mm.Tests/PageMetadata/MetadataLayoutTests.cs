using Stress.Machine;
using Stress.Mm.PageMetadata;
using Xunit;

namespace Stress.Mm.Tests.PageMetadata;

/// <summary>The structs are where their listings say.</summary>
public sealed class MetadataLayoutTests
{
    [Fact]
    public void PageFrame_Fields_StayAtTheirDocumentedOffsets()
    {
        PageFrame page = new(0);
        AssertLayout<PageFrame>(
            40, (page.Lru.Address, 0), (page.Flags.Address, 16), (page.First.Address, 24), (page.Rest.Address, 32));
    }

    [Fact]
    public void PageBlock_Fields_StayAtTheirDocumentedOffsets()
    {
        PageBlock block = new(0);
        AssertLayout<PageBlock>(24, (block.Flags.Address, 0), (block.Pages.Address, 8), (block.Entry.Address, 16));
    }

    [Fact]
    public void PteTable_Entries_FollowEachOther()
    {
        PteTable table = new(0);
        AssertLayout<PteTable>(128, (table.Pte(0).Address, 0), (table.Pte(1).Address, 8), (table.Pte(15).Address, 120));
        Assert.Equal(0x1000, PteTable.PageOf(0x1000 | PteTable.Writable).Address);
    }

    [Fact]
    public void SectionUsage_Fields_StayAtTheirDocumentedOffsets()
    {
        SectionUsage usage = new(0);
        AssertLayout<SectionUsage>(
            32, (usage.SubsectionMap.Address, 0), (usage.Rcu.Address, 8), (usage.Origin.Address, 24));
    }

    [Fact]
    public void MemSection_Fields_StayAtTheirDocumentedOffsets()
    {
        MemSection section = new(0);
        AssertLayout<MemSection>(
            192,
            (section.SectionMemMap.Address, 0),
            (section.Usage.Address, 8),
            (section.PageExt.Address, 16),
            (section.Pmd.Address, 24),
            (section.Leaf(0).Address, 32),
            (section.Leaf(SectionSize.MapPages - 1).Address, 152),
            (section.Folio(0).Address, 160),
            (section.Folio(1).Address, 168),
            (section.FolioState(0).Address, 176),
            (section.FolioState(1).Address, 180),
            (section.Node.Address, 184));
    }

    [Fact]
    public void PageNode_Fields_StayAtTheirDocumentedOffsets()
    {
        PageNode node = new(0);
        AssertLayout<PageNode>(
            2176,
            (node.Stat.Address, 0),
            (node.Early.Address, 24),
            (node.Lock.Address, 32),
            (node.IsFull.Address, 36),
            (node.IsOnline.Address, 40),
            (node.FreeList.Address, 48),
            (node.FreePages.Address, 64),
            (node.Offline.Address, 72),
            (node.MemMap.Address, 88),
            (node.PageExt.Address, 96),
            (node.Parts, 128));
    }

    [Fact]
    public void MemoryMap_Fields_StayAtTheirDocumentedOffsets()
    {
        MemoryMap<SparseMem, Upstream> map = new(0);
        AssertLayout<MemoryMap<SparseMem, Upstream>>(
            4928,
            (map.HotplugLock.Address, 0),
            (map.MmapLock.Address, 40),
            (map.PageTableLock.Address, 80),
            (map.HugetlbLock.Address, 84),
            (map.OptimizeKey.Address, 88),
            (map.NrMemmap.Address, 96),
            (map.NrMemmapBoot.Address, 104),
            (map.Rcu.Address, 128),
            (map.Section(0).Address, 192),
            (map.Section(1).Address, 384),
            (map.Node(0).Address, 576),
            (map.Node(1).Address, 2752));
    }

    [Fact]
    public void SectionSize_OfAHugePage_IsWhatStructPagesOf64BytesTake()
    {
        Assert.Equal(SectionSize.HugePages * 64 / 4096, SectionSize.FolioMapPages);
        Assert.Equal(SectionSize.HugePages * SectionSize.Folios * 16 / 4096, SectionSize.ExtPages);
    }

    private static void AssertLayout<T>(int bytes, params (nint Actual, int Documented)[] fields)
        where T : IHandle
    {
        Assert.Equal(bytes, T.Bytes);
        foreach ((nint actual, int documented) in fields)
        {
            Assert.Equal(documented, actual);
            Assert.InRange(actual, 0, bytes - 1);
        }
    }
}
