using Stress.Machine;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Exploration.Tests.Guided;

/// <summary>What a guide takes from tails, and what it takes for the same failure.</summary>
public sealed class GuideTests
{
    private static readonly TaskTail s_ended = new("a", 0, [Op("one", 3), Op("two", 5)], "", "");
    private static readonly TaskTail s_early = new("b", 1, [Op("three", 1)], "", "");
    private static readonly TaskTail s_open = new(
        "c", 2, [Op("four", 2), Op("five", null), Op("six", null, 1)], "", "");

    [Fact]
    public void Operations_AreTheOpenOnesAtAnyDepthOrTheLastThatEnded()
    {
        string[][] operations = new Guide(FindingKind.Bug, "", [s_ended, s_early, s_open]).Operations(4);

        Assert.Equal([["two"], ["three"], ["five", "six"], []], operations);
    }

    [Fact]
    public void Order_PutsThoseFirstThatEndedNothingForLong()
        => Assert.Equal([1, 2, 0, 3], new Guide(FindingKind.Bug, "", [s_ended, s_early, s_open]).Order(4));

    [Theory]
    [InlineData(FindingKind.Bug, "BUG_ON(x)", FindingKind.Bug, "BUG_ON(x)", true)]
    [InlineData(FindingKind.Bug, "BUG_ON(x)", FindingKind.Bug, "BUG_ON(y)", false)]
    [InlineData(FindingKind.Bug, "x", FindingKind.Warning, "x", false)]
    [InlineData(FindingKind.Invariant, "x", FindingKind.Invariant, "x", true)]
    [InlineData(FindingKind.UseAfterFree, "access to freed a.B", FindingKind.UseAfterFree, "a#1.B is read", true)]
    [InlineData(FindingKind.UseAfterFree, "x", FindingKind.DoubleFree, "x", false)]
    [InlineData(FindingKind.Hang, "x", FindingKind.Deadlock, "y", true)]
    [InlineData(FindingKind.Hang, "x", FindingKind.MissedWakeup, "y", true)]
    [InlineData(FindingKind.Hang, "x", FindingKind.RcuStall, "y", true)]
    [InlineData(FindingKind.Hang, "x", FindingKind.StepBound, "y", true)]
    [InlineData(FindingKind.Hang, "x", FindingKind.Bug, "x", false)]
    [InlineData(FindingKind.LockOrder, "x", FindingKind.LockOrder, "x", true)]
    [InlineData(FindingKind.LockOrder, "x", FindingKind.LockOrder, "y", false)]
    [InlineData(FindingKind.LockOrder, "x", FindingKind.Deadlock, "y", true)]
    public void IsMetBy_KindsAndTexts_AsTheMachinesWordThem(
        FindingKind native, string nativeText, FindingKind explored, string text, bool expected)
        => Assert.Equal(expected, new Guide(native, nativeText, []).IsMetBy(explored, text));

    private static TailOperation Op(string name, int? ended, int depth = 0) => new(name, [], depth) { Ended = ended };
}
