using Stress.Mm.Hugetlb;
using Xunit;

namespace Stress.Mm.Tests.Properties;

/// <summary>Any sequence of calls leaves in a map of reservations what a set of pages has.</summary>
public sealed class ResvMapPropertyTests
{
    [Fact]
    public void ResvMap_AnySequence_IsTheSetOfReservedPages()
        => Property.AssertHolds(static () => new ResvMapSubject<UpstreamFixed>());

    [Fact]
    public void ResvMap_AnySequenceWithFailingAllocations_IsTheSetOfReservedPages()
        => Property.AssertHolds(static () => new ResvMapSubject<UpstreamFixed>(failAlloc: 0.2));

    [Fact]
    public void ResvMap_V7ThatTakesWhatOthersWerePledged_IsRefuted()
        => Property.AssertFails("each pledge has its entry", static () => new ResvMapSubject<V7>());

    [Fact]
    public void ResvMap_V7ThatKeepsPledgesOfFailedCalls_IsRefuted()
        => Property.AssertFails(
            "the pledges are those still open", static () => new ResvMapSubject<V7>(failAlloc: 0.2));
}
