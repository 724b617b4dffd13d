using System.Linq;
using Stress.Machine;
using Stress.Scenarios.Litmus;
using Xunit;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>The grades that the scenarios declare, written down from the literature, are what the axioms come to.
/// </summary>
public sealed class LitmusReferenceTests
{
    public static TheoryData<string, string> All => LitmusCase.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Reference_EveryOutcome_IsGradedAsTheScenarioDeclares(string family, string test)
    {
        (LitmusFamily tests, LitmusTest one) = LitmusCase.Find(family, test);
        var reference = Reference.Of(tests, one);
        OutcomeTable declared = tests.OutcomesOf(one);
        string[] wrong = [.. from outcome in reference.Candidates
                             let graded = declared.Grade(outcome).Grade
                             let derived = Grade(reference, outcome, one.Verdict)
                             where graded != derived
                             select $"{outcome} is declared {graded} and is {derived}"];
        Assert.True(wrong.Length == 0, $"{one}\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reference_WhatIsNotShown_IsDeclared(string family, string test)
    {
        (LitmusFamily tests, LitmusTest one) = LitmusCase.Find(family, test);
        var reference = Reference.Of(tests, one);

        Assert.Subset(reference.Allowed.ToHashSet(), reference.Required.ToHashSet());
        Assert.Subset(reference.Required.ToHashSet(), reference.Interleaved.ToHashSet());
        Assert.Equal(
            one.Verdict == LitmusVerdict.NotShown ? tests.Asked : [], reference.Allowed.Except(reference.Required));
    }

    // What a wrong variant makes possible is what it must not.
    private static OutcomeGrade Grade(Reference reference, string outcome, LitmusVerdict verdict)
        => !reference.Allowed.Contains(outcome) ? OutcomeGrade.Forbidden
            : reference.Interleaved.Contains(outcome) ? OutcomeGrade.Allowed
            : verdict == LitmusVerdict.Wrong ? OutcomeGrade.Forbidden : OutcomeGrade.Interesting;
}
