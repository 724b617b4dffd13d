using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Scenarios;
using Xunit;

namespace Stress.Exploration.Tests.Guided;

/// <summary>What failed on real threads is found among schedules, and only that.</summary>
public sealed class GuidedExplorerTests
{
    private const string LostUpdate = "every update is counted";
    private const string OnePageAdd = "VM_BUG_ON(t - f <= 1)";

    // As real threads left it: the wide add stood open while the others came by.
    private static readonly TaskTail[] s_regionAdd =
    [
        Tail("wide", 0, Op("region_chg", 1, 2, 6), Op("region_add", null, 2, 6)),
        Tail("middle", 1, Op("region_chg", 3, 3, 4), Op("region_add", 4, 3, 4)),
        Tail("first", 2, Op("region_chg", 2, 0, 1), Op("region_add", 5, 0, 1)),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Explore_OnePageAdd_IsFoundByTheGuideAndReplays(ulong seed)
    {
        (Scenario scenario, Variant variant) = Find("hugetlb/region-add", "v7");
        GuidedResult result = variant.Accept(
            new Guided(scenario, variant, new Guide(FindingKind.Bug, OnePageAdd, s_regionAdd), seed));

        Assert.True(result.IsSame, result.Outcome);
        Assert.Equal(OnePageAdd, result.Finding!.Text);
        Assert.StartsWith("guided(", result.Finding.Strategy, StringComparison.Ordinal);
        Assert.Equal(result.Finding.ReproducedOf, result.Finding.Reproduced);
        ReplayResult replayed = variant.Accept(new Replaying(scenario, variant, result.Finding.Trace));
        Assert.Equal(2, replayed.Matched);
        Assert.Null(replayed.Divergence);
    }

    [Fact]
    public void Explore_SameSeedAndTails_FindsTheSameRun()
    {
        (Scenario scenario, Variant variant) = Find("hugetlb/region-add", "v7");
        var guided = new Guided(scenario, variant, new Guide(FindingKind.Bug, OnePageAdd, s_regionAdd), 7);
        GuidedResult one = variant.Accept(guided);
        GuidedResult two = variant.Accept(guided);

        Assert.Equal(one.Schedules, two.Schedules);
        Assert.Equal(one.Finding!.ScheduleIndex, two.Finding!.ScheduleIndex);
        Assert.Equal(one.Finding.Trace.Decisions, two.Finding.Trace.Decisions);
        Assert.Equal(one.Finding.Trace.Hash, two.Finding.Trace.Hash);
    }

    [Fact]
    public void Explore_CorrectVariant_FindsNothingAndSaysSo()
    {
        (Scenario scenario, Variant variant) = Find("hugetlb/region-add", "upstream-fixed");
        var guide = new Guide(FindingKind.Bug, OnePageAdd, s_regionAdd);
        GuidedResult result = variant.Accept(new Guided(scenario, variant, guide, 1) { Schedules = 2_000 });

        Assert.Null(result.Finding);
        Assert.False(result.IsSame);
        Assert.Equal(2_000, result.Schedules);
        Assert.Equal("the explored program does not reach it within 2,000 schedules", result.Outcome);
    }

    [Fact]
    public void Explore_OtherFailureOnly_IsReportedAsAnother()
    {
        GuidedResult result = Run<Specimen<LosesUpdates>>(FindingKind.Bug, "BUG_ON(something else)");

        Assert.False(result.IsSame);
        Assert.Equal(LostUpdate, result.Finding?.Text);
        Assert.EndsWith("but fails otherwise", result.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_NoTails_FallsBackOnThePortfolio()
    {
        GuidedResult result = Run<Specimen<LosesUpdates>>(FindingKind.Invariant, LostUpdate);

        Assert.True(result.IsSame);
        Assert.DoesNotContain("guided", result.Finding!.Strategy, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_Hang_IsToldAsADeadlock()
    {
        GuidedResult result = Run<Specimen<LocksInOppositeOrder>>(
            FindingKind.Hang, "no operation was finished within 10 s",
            Tail("first", 0, Op("act", null, 0)), Tail("second", 1, Op("act", null, 1)));

        Assert.True(result.IsSame);
        Assert.Equal(FindingKind.Deadlock, result.Finding?.Kind);
    }

    [Fact]
    public void Explore_CircleOfLocks_IsMet()
    {
        GuidedResult result = Run<Specimen<LocksInOppositeOrder>>(FindingKind.LockOrder, "no matter how it is worded");

        Assert.True(result.IsSame);
        Assert.True(result.Finding?.Kind is FindingKind.Deadlock);
    }

    [Fact]
    public void Explore_VariantOfWeakMemory_IsFoundUnderIt()
    {
        Scenario scenario = Catalog.All.Single(candidate => candidate.Name == "litmus/dekker");
        Variant variant = scenario.Variants.First(candidate => candidate.NeedsWeakMemory);
        GuidedResult result = variant.Accept(new Guided(
            scenario, variant, new Guide(variant.Expected.Kind!.Value, variant.Expected.Text!, []), 1));

        Assert.NotNull(result.Finding);
        Assert.Equal("weak", result.Finding.Trace.Memory);
    }

    [Fact]
    public void Explore_WhatTheHammerFound_ArrivesAsATrace()
    {
        (Scenario scenario, Variant variant) = Find("hugetlb/region-add", "v7");
        HammerResult hammered = variant.Accept(new Hammering());
        GuidedResult result = variant.Accept(new Guided(scenario, variant, Guide.Of(hammered), 1));

        // Which finding real threads come to first is the host's affair; what comes of it is not.
        Assert.NotEmpty(hammered.Tails);
        Assert.NotNull(result.Finding);
        Assert.Equal(hammered.Finding!.Text == OnePageAdd, result.IsSame);
    }

    private static GuidedResult Run<TScenario>(FindingKind kind, string text, params TaskTail[] tails)
        where TScenario : struct, IScenario<TScenario>
    {
        (Scenario scenario, Variant variant) = Explore.Named<TScenario>();
        return GuidedExplorer.Explore<TScenario>(
            scenario, variant, new Guide(kind, text, tails), new ExploreOptions { Schedules = 2_000 });
    }

    private static (Scenario Scenario, Variant Variant) Find(string name, string version)
    {
        Scenario scenario = Catalog.All.Single(candidate => candidate.Name == name);
        return (scenario, scenario.Variants.Single(candidate => candidate.Name == version));
    }

    private static TaskTail Tail(string task, int role, params TailOperation[] operations)
        => new(task, role, [.. operations], "", "");

    private static TailOperation Op(string name, int? ended, params long[] arguments)
        => new(name, [.. arguments], 0) { Ended = ended };

    private sealed class Guided(Scenario scenario, Variant variant, Guide guide, ulong seed)
        : IScenarioVisitor<GuidedResult>
    {
        public long Schedules { get; init; } = 50_000;

        public GuidedResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => GuidedExplorer.Explore<TScenario>(
                scenario, variant, guide, new ExploreOptions { Schedules = Schedules, Seed = seed });
    }

    private sealed class Replaying(Scenario scenario, Variant variant, Trace trace) : IScenarioVisitor<ReplayResult>
    {
        public ReplayResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Explorer.Replay<TScenario>(scenario, variant, trace, times: 2);
    }

    private sealed class Hammering : IScenarioVisitor<HammerResult>
    {
        public HammerResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Hammer.Run<TScenario>(new HammerOptions
            {
                Threads = 3,
                Duration = TimeSpan.FromSeconds(60),
                CheckpointEvery = TimeSpan.FromMilliseconds(200),
                Perturb = 0.02,
            });
    }
}
