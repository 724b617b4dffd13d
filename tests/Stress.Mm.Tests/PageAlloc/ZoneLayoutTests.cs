using Stress.Machine;
using Stress.Mm.PageAlloc;
using Xunit;

namespace Stress.Mm.Tests.PageAlloc;

/// <summary>The structs lie in memory as their tables say.</summary>
public sealed class ZoneLayoutTests
{
    [Fact]
    public void Page_Fields_StayAtTheirDocumentedOffsets()
    {
        Page page = new(0);
        AssertLayout<Page>(
            64,
            (page.Flags.Address, 0),
            (page.Link.Address, 8),
            (page.Private.Address, 40),
            (page.PageType.Address, 48),
            (page.RefCount.Address, 52));
    }

    [Fact]
    public void FreeArea_Fields_StayAtTheirDocumentedOffsets()
    {
        FreeArea area = new(0);
        AssertLayout<FreeArea>(
            152,
            (area.List(0).Address, 0),
            (area.List(MigrateType.Isolate).Address, 80),
            (area.NrFree.Address, 96),
            (area.NrOfType(0).Address, 104),
            (area.NrOfType(MigrateType.Isolate).Address, 144));
    }

    [Fact]
    public void PerCpuPages_Fields_StayAtTheirDocumentedOffsets()
    {
        PerCpuPages pcp = new(0);
        AssertLayout<PerCpuPages>(
            216,
            (pcp.Lock.Address, 0),
            (pcp.Count.Address, 4),
            (pcp.High.Address, 8),
            (pcp.Batch.Address, 12),
            (pcp.Threshold.Address, 16),
            (pcp.Diff.Address, 17),
            (pcp.List(0).Address, 24),
            (pcp.List(PerCpuPages.Lists - 1).Address, 200));
    }

    [Fact]
    public void PerCpuPages_OfTwoZones_FitIntoAPerCpuArea()
    {
        nint second = PerCpuPages.Of(0, 1).Address;
        Assert.InRange(PerCpuPages.Of(0, 0).Address + PerCpuPages.Bytes, 0, second);
        Assert.InRange(second + PerCpuPages.Bytes, 0, ICpuContext.PerCpuBytes);
    }

    [Fact]
    public void Zone_Fields_StayAtTheirDocumentedOffsets()
    {
        Zone<Upstream, X86ZoneSize> zone = new(0, new MemMap(0));
        AssertLayout<Zone<Upstream, X86ZoneSize>>(
            1800,
            (zone.Number.Address, 0),
            (zone.StartPfn.Address, 8),
            (zone.SpannedPages.Address, 16),
            (zone.PcpHigh.Address, 24),
            (zone.PcpBatch.Address, 28),
            (zone.PcpDisable.Address, 32),
            (zone.Lock.Address, 64),
            (zone.NrIsolatePageblock.Address, 72),
            (zone.NrFreePages.Address, 80),
            (zone.Area(0).Address, 128),
            (zone.Area(X86ZoneSize.MaxOrder).Address, 1648));
    }

    [Fact]
    public void MemMap_OneGibibyte_HasSixteenMebibytesOfPages()
    {
        MemMap map = new(0);
        Assert.Equal(256 + (16 << 20), MemMap.BytesFor(1 << 18));
        Assert.Equal(256 + (3 * 64), map.PageAt(3).Address);
        Assert.Equal(3, map.Pfn(map.PageAt(3)));
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
