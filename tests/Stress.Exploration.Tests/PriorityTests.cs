using System;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>On each CPU a task of lower priority goes on only while the higher ones wait or have ended.</summary>
public sealed class PriorityTests
{
    [Theory]
    [InlineData("random")]
    [InlineData("pct")]
    public void Explore_LowerPriority_RunsOnlyWhileTheHigherOneWaits(string strategy)
        => Assert.Null(Explore.Run<PriorityRule<OneIsRealTime>>(strategy: strategy).Finding?.Text);

    [Fact]
    public void Explore_EqualPriorities_RunInAnyOrder()
        => Assert.Equal(FindingKind.Invariant, Explore.Run<PriorityRule<NoneIsRealTime>>().Finding?.Kind);

    [Theory]
    [InlineData("random")]
    [InlineData("pct")]
    public void Explore_RealTimeSpinner_DoesNotHoldUpOtherCpus(string strategy)
        => Assert.Null(Explore.Run<PrioritySpin<OneIsRealTime>>(strategy: strategy).Finding?.Text);

    [Fact]
    public void Explore_RealTimeSpinner_StarvesItsOwnCpu()
    {
        Finding? found = Explore.Run<PrioritySpin<HelperSharesCpu>>().Finding;

        Assert.Equal(FindingKind.StepBound, found?.Kind);
        Assert.Equal((10, 10), (found!.Reproduced, found.ReproducedOf));
    }

    [Fact]
    public void Explore_NormalSpinner_IsToldThatItsCpuIsWanted()
        => Assert.Equal(FindingKind.Invariant, Explore.Run<PrioritySpin<NoneIsRealTime>>().Finding?.Kind);

    [Fact]
    public void Explore_ExhaustivelyWithPriorities_IsRefused()
        => Assert.Throws<ArgumentException>(
            () => Explore.Run<PriorityRule<OneIsRealTime>>(strategy: ExploreOptions.Exhaustive));
}
