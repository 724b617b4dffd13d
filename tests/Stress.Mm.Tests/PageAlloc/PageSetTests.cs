using System;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.PageAlloc;
using Stress.Scenarios.Zone;
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
        => AssertFinds<Seed, TwoBlockBuddies>(ZoneAudit<Seed, TwoBlockBuddies>.FreeWrong);

    [Fact]
    public void Zone_UpstreamWithFourBlockBuddies_MixesTypes()
        => AssertFinds<Upstream, FourBlockBuddies>(ZoneAudit<Upstream, FourBlockBuddies>.TypeWrong);

    [Fact]
    public void Isolation_AsMerged_IsRightForEveryBlockOfEight() => AssertClean<EveryTarget<Upstream>>();

    [Fact]
    public void Isolation_AsPosted_IsRightForTheSecondBlockOfEightOnly() => AssertClean<EveryTarget<Seed>>();

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
        => AssertClean<PageSet<TRule, TSize>>();

    private static void AssertClean<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        Finding? finding = Explore<TScenario>();
        Assert.True(finding is null, $"{finding?.Text}\n{finding?.Story}");
    }

    private static void AssertFinds<TRule, TSize>(string text)
        where TRule : struct, IZoneRule
        where TSize : struct, IZoneSize
    {
        Finding? finding = Explore<PageSet<TRule, TSize>>();
        Assert.NotNull(finding);
        Assert.Equal((FindingKind.Invariant, text), (finding.Kind, finding.Text));
    }

    private static Finding? Explore<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        Variant variant = new Variant<TScenario>
        {
            Name = "only",
            Summary = "One task.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        Scenario scenario = new("test/one-task", "Random calls by one task.", 1, [variant]);
        return Explorer.Explore<TScenario>(
            scenario,
            variant,
            new ExploreOptions { Schedules = Sequences, Strategy = "random" }).Finding;
    }
}
