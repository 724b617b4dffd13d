using System;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.PageAlloc;
using Xunit;

namespace Stress.Mm.Tests.PageAlloc;

/// <summary>Random sequences of calls by one task give what sets of pages and blocks give.</summary>
public sealed class PageSetTests
{
    private const long Sequences = 400;

    [Fact]
    public void Zone_UpstreamWithTwoBlockBuddies_AgreesWithSets() => AssertClean<Upstream, TwoBlockBuddies>();

    [Fact]
    public void Zone_UpstreamFixedWithTwoBlockBuddies_AgreesWithSets() => AssertClean<UpstreamFixed, TwoBlockBuddies>();

    [Fact]
    public void Zone_UpstreamFixedWithFourBlockBuddies_AgreesWithSets()
        => AssertClean<UpstreamFixed, FourBlockBuddies>();

    [Fact]
    public void Zone_UpstreamFixedWithEightBlockBuddies_AgreesWithSets()
        => AssertClean<UpstreamFixed, EightBlockBuddies>();

    [Fact]
    public void Zone_SeedWithTwoBlockBuddies_MiscountsFreePages()
    {
        Finding? finding = Explore<Seed, TwoBlockBuddies>();
        Assert.NotNull(finding);
        Assert.Equal(FindingKind.Invariant, finding.Kind);
    }

    [Fact]
    public void Zone_OnTheNativeMachine_AgreesWithSets()
    {
        HammerResult result = Hammer.Run<PageSet<UpstreamFixed, EightBlockBuddies>>(new HammerOptions
        {
            Threads = 1,
            Duration = TimeSpan.FromMilliseconds(100),
            CheckpointEvery = TimeSpan.FromMilliseconds(5),
        });
        Assert.True(result.Finding is null, $"{result.Finding}");
        Assert.True(result.Operations > 0);
    }

    private static void AssertClean<TRule, TSize>()
        where TRule : struct, IZoneRule
        where TSize : struct, IZoneSize
    {
        Finding? finding = Explore<TRule, TSize>();
        Assert.True(finding is null, $"{finding?.Text}\n{finding?.Story}");
    }

    private static Finding? Explore<TRule, TSize>()
        where TRule : struct, IZoneRule
        where TSize : struct, IZoneSize
    {
        Variant variant = new Variant<PageSet<TRule, TSize>>
        {
            Name = $"{typeof(TRule).Name}-{typeof(TSize).Name}",
            Summary = "One task.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        Scenario scenario = new("test/page-set", "Random calls by one task.", 1, [variant]);
        return Explorer.Explore<PageSet<TRule, TSize>>(
            scenario,
            variant,
            new ExploreOptions { Schedules = Sequences, Strategy = "random" }).Finding;
    }
}
