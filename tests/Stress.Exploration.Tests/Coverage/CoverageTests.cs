using System;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>What is said of what was not run.</summary>
[Collection(nameof(SmallProgram))]
public sealed class CoverageTests
{
    [Fact]
    public void ClassEstimate_TwoSeenOnceAndOneTwice_AddsHalfAClass()
    {
        ClassEstimate estimate = ClassEstimate.From([1, 1, 2, 3]);

        Assert.Equal((4, 4.5), (estimate.Seen, estimate.Classes));
        Assert.InRange(estimate.Error, 0.5, 5);
    }

    [Fact]
    public void ClassEstimate_AllSeenOften_IsWhatWasSeen()
        => Assert.Equal(new ClassEstimate(3, 3, 0), ClassEstimate.From([5, 7, 9]));

    [Fact]
    public void MissBound_OneRun_IsOneLessTheGuarantee()
        => Assert.Equal(1 - (1.0 / (3 * 10)), MissBound.Of(depth: 2, runs: 1, tasks: 3, decisions: 10).Chance, 12);

    [Fact]
    public void MissBound_ManyRuns_SaysThatItIsSmall()
        => Assert.EndsWith("below 1e-9", MissBound.Of(2, 1_000_000, 3, 10).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Sample_OfFewClasses_EstimatesAsManyAsAnExhaustiveSearchRuns()
    {
        SmallProgram.Current = SmallProgram.Draw(3, [Instruction.Store, Instruction.Load, Instruction.Add], false);
        ExploreResult sample = Explore.Run<SmallScenario>(schedules: 20_000);
        ExploreResult all = Explore.Run<SmallScenario>(schedules: long.MaxValue, strategy: ExploreOptions.Exhaustive);

        Assert.True(all.IsVerified);
        Assert.Equal(all.Schedules, Math.Round(sample.Classes!.Classes));
    }

    [Fact]
    public void Exhaustive_TaskThatSpinsWithoutWaiting_IsSaidToHaveNoEnd()
    {
        ExploreResult result = Explore.Run<Specimen<SpinsForEver>>(
            schedules: long.MaxValue, strategy: ExploreOptions.Exhaustive);

        Assert.Equal((null, true, false), (result.Finding, result.IsEndless, result.IsVerified));
        Assert.Contains("spins without waiting", result.Coverage, StringComparison.Ordinal);
    }
}
