using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Exploration.Tests.Outcomes;

/// <summary>What runs come to is counted and graded, and a forbidden outcome is a finding.</summary>
public sealed class OutcomeTests
{
    private const long Schedules = 500;

    [Fact]
    public void Explore_CorrectVariant_CountsEveryRunAndShowsWhatWasNotSeen()
    {
        ExploreResult result = Explore.Run<Adding<AddsAtomically>>(Schedules);

        Assert.Null(result.Finding);
        Assert.Equal(
            ["saw0=0 saw1=0 total=1", "saw0=0 saw1=1 total=2", "saw0=1 saw1=0 total=2", "total=3"],
            result.Outcomes.Select(row => row.Outcome));
        Assert.Equal(
            [OutcomeGrade.Forbidden, OutcomeGrade.Allowed, OutcomeGrade.Interesting, OutcomeGrade.Interesting],
            result.Outcomes.Select(row => row.Grade));
        Assert.Equal("an addition is lost", result.Outcomes[0].Meaning);
        Assert.Equal(0, result.Outcomes[0].Count);
        Assert.Equal(0, result.Outcomes[3].Count);
        Assert.Equal(Schedules, result.Outcomes.Sum(row => row.Count));
        Assert.Equal(1.0, result.Outcomes.Sum(row => row.Share), 9);
    }

    [Fact]
    public void Explore_WrongVariant_FailsWithTheForbiddenOutcome()
    {
        ExploreResult result = Explore.Run<Adding<AddsInTwoSteps>>(Schedules);

        Assert.NotNull(result.Finding);
        Assert.Equal(FindingKind.ForbiddenOutcome, result.Finding.Kind);
        Assert.Equal("saw0=0 saw1=0 total=1: an addition is lost", result.Finding.Text);
        Assert.Equal(result.Finding.ReproducedOf, result.Finding.Reproduced);
        Assert.Equal(1, result.Outcomes[0].Count);
        Assert.Equal(result.Schedules, result.Outcomes.Sum(row => row.Count));
    }

    [Fact]
    public void Replay_ForbiddenOutcome_ComesAgain()
    {
        Finding found = Explore.Run<Adding<AddsInTwoSteps>>(Schedules).Finding!;
        (Scenario scenario, Variant variant) = Explore.Named<Adding<AddsInTwoSteps>>();

        ReplayResult again = Explorer.Replay<Adding<AddsInTwoSteps>>(scenario, variant, found.Trace, 3);

        Assert.Equal(3, again.Matched);
        Assert.Equal(found.Text, again.Finding!.Text);
    }

    [Fact]
    public void Explore_AnyNumberOfWorkers_CountsTheSame()
    {
        Assert.Equal(
            Explore.Run<Adding<AddsAtomically>>(Schedules).Outcomes,
            Explore.Run<Adding<AddsAtomically>>(Schedules, workers: 3).Outcomes);
        Assert.Equal(
            Explore.Run<Adding<AddsInTwoSteps>>(Schedules).Outcomes,
            Explore.Run<Adding<AddsInTwoSteps>>(Schedules, workers: 3).Outcomes);
        Assert.Equal(
            Explore.Run<Adding<AddsAtomically>>(Schedules, strategy: ExploreOptions.Exhaustive).Outcomes,
            Explore.Run<Adding<AddsAtomically>>(Schedules, strategy: ExploreOptions.Exhaustive, workers: 3).Outcomes);
    }

    [Fact]
    public void Explore_WithoutTable_AllowsWhatItSees()
    {
        ExploreResult result = Explore.Run<Ungraded>(Schedules);

        Assert.Null(result.Finding);
        Assert.Equal(["overtaken=0", "overtaken=1"], result.Outcomes.Select(row => row.Outcome));
        Assert.All(result.Outcomes, row => Assert.Equal(OutcomeGrade.Allowed, row.Grade));
        Assert.True(result.Outcomes.Sum(row => row.Count) < Schedules);
    }

    [Fact]
    public void Explore_ScenarioThatObservesNothing_HasNoOutcomes()
        => Assert.Empty(Explore.Run<Specimen<LosesUpdates>>(10).Outcomes);

    [Fact]
    public void Complete_KnownOutcomes_AllocatesNothing()
    {
        var outcomes = new OutcomeCollector(Adding<AddsAtomically>.Plan.Outcomes);
        CountBoth(outcomes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            CountBoth(outcomes);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.All(outcomes.Counts, count => Assert.Equal(1_001, count.Value));
    }

    [Fact]
    public void Observe_TooManyRegisters_IsAnErrorOfTheModel()
    {
        var outcomes = new OutcomeCollector(null);
        for (int i = 0; i < 32; i++)
        {
            outcomes.Observe($"r{i}", 0);
        }

        Assert.Equal(
            FindingKind.ModelError, Assert.Throws<RunFailedException>(() => outcomes.Observe("r32", 0)).Kind);
    }

    [Fact]
    public void Hammer_ScenarioThatObserves_GoesOn()
        => Assert.Null(Hammer.Run<Adding<AddsAtomically>>(
            new HammerOptions { Threads = 2, Duration = TimeSpan.FromMilliseconds(20) }).Finding);

    private static void CountBoth(OutcomeCollector outcomes)
    {
        for (int total = 2; total < 4; total++)
        {
            outcomes.Begin();
            outcomes.Observe("total", total);
            outcomes.Observe("saw1", 1);
            outcomes.Observe("saw0", 0);
            outcomes.Complete();
        }
    }
}
