using Stress.Mm.PageAlloc;
using Stress.Scenarios.Zone;
using Xunit;

namespace Stress.Mm.Tests.Properties;

/// <summary>Any sequence of calls leaves in a zone the free pages that a set of pages has.</summary>
public sealed class ZonePropertyTests
{
    [Fact]
    public void Zone_AnySequence_IsTheSetOfFreePages()
        => Property.AssertHolds(static () => new ZoneSubject<Upstream, TwoBlockBuddies>());

    [Fact]
    public void Zone_AnySequenceWithLargeBuddies_IsTheSetOfFreePages()
        => Property.AssertHolds(static () => new ZoneSubject<UpstreamFixed, EightBlockBuddies>());

    [Fact]
    public void Zone_SeedThatTypesBeforeItSplits_IsRefuted()
        => Property.AssertFails(
            ZoneAudit<Seed, TwoBlockBuddies>.FreeWrong, static () => new ZoneSubject<Seed, TwoBlockBuddies>());

    [Fact]
    public void Zone_UpstreamWithLargeBuddies_IsRefuted()
        => Property.AssertFails(
            ZoneAudit<Upstream, FourBlockBuddies>.TypeWrong,
            static () => new ZoneSubject<Upstream, FourBlockBuddies>());
}
