using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests.Shrinking;

public sealed class FindingSignatureTests
{
    [Theory]
    [InlineData(FindingKind.UseAfterFree, "file_region#3.From is read by a after b freed it", "file_region#.From is read by a after b freed it")]
    [InlineData(FindingKind.UseAfterFree, "null pointer: offset 8 is read by a", "null pointer: offset # is read by a")]
    [InlineData(FindingKind.Leak, "thing#12, allocated by task1, is never freed", "thing#, allocated by task1, is never freed")]
    [InlineData(FindingKind.StepBound, "no end within 20,000 scheduling points", "no end within # scheduling points")]
    [InlineData(FindingKind.Deadlock, "a waits for slot[7].Word, held by b", "a waits for slot[#].Word, held by b")]
    public void Of_WhatTheMachineSays_ForgetsNumbers(FindingKind kind, string text, string expected)
        => Assert.Equal(expected, FindingSignature.Of(kind, text, "act").Text);

    [Fact]
    public void Of_WhatTheModelSays_KeepsItsCondition()
        => Assert.NotEqual(
            FindingSignature.Of(FindingKind.Bug, "VM_BUG_ON(t - f <= 1)", "region_add"),
            FindingSignature.Of(FindingKind.Bug, "VM_BUG_ON(t - f <= 2)", "region_add"));

    [Fact]
    public void Of_OtherOperation_IsAnotherFinding()
        => Assert.NotEqual(
            FindingSignature.Of(FindingKind.UseAfterFree, "x is read by a after b freed it", "get"),
            FindingSignature.Of(FindingKind.UseAfterFree, "x is read by a after b freed it", "put"));

    [Theory]
    [InlineData(FindingKind.Deadlock)]
    [InlineData(FindingKind.MissedWakeup)]
    [InlineData(FindingKind.RcuStall)]
    [InlineData(FindingKind.StepBound)]
    public void Of_WhereNobodyGoesOn_DoesNotAskWhoRanLast(FindingKind kind)
        => Assert.Equal(FindingSignature.Of(kind, "all wait", "get"), FindingSignature.Of(kind, "all wait", "put"));
}
