using Stress.Mm.ListLru;
using Stress.Mm.Vma;
using Stress.Scenarios.Hugetlb;
using Stress.Scenarios.ListLru;
using Stress.Scenarios.Vma;
using Stress.Scenarios.Zone;
using Xunit;
using HugetlbRule = Stress.Mm.Hugetlb.UpstreamFixed;
using Whole = Stress.Scenarios.Mixed.WholeMachine<Stress.Mm.ListLru.Upstream, Stress.Mm.PageAlloc.Upstream>;
using ZoneRule = Stress.Mm.PageAlloc.Upstream;

namespace Stress.Mm.Tests.Mixed;

/// <summary>The parts of a machine lie behind each other, each on pages of its own.</summary>
public sealed class MixedLayoutTests
{
    private const int PageBytes = 4096;

    [Fact]
    public void Offsets_OfEveryPart_AreBehindTheOneBefore()
    {
        Assert.InRange(FaultVsMunmap<StockLayout, V612>.Plan.RootBytes, 1, Whole.ReservesOffset);
        Assert.InRange(
            Whole.ReservesOffset + AllocVsReserve<HugetlbRule>.Plan.RootBytes, 1, Whole.ObjectsOffset);
        Assert.InRange(Whole.ObjectsOffset + ShrinkVsOffline<Upstream>.Plan.RootBytes, 1, Whole.PagesOffset);
        Assert.InRange(Whole.PagesOffset + AllocFreeIsolate<ZoneRule>.Plan.RootBytes, 1, Whole.SectionsOffset);
        Assert.InRange(Whole.Plan.RootBytes, Whole.SectionsOffset + 1, int.MaxValue);
    }

    [Fact]
    public void Offsets_OfEveryPart_AreMultiplesOfThePage()
        => Assert.All(
            [Whole.ReservesOffset, Whole.ObjectsOffset, Whole.PagesOffset, Whole.SectionsOffset],
            offset => Assert.Equal(0, offset % PageBytes));
}
