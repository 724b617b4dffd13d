using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Scenarios.Litmus;

/// <summary>Whether the outcome that a litmus test asks for can be seen.</summary>
public enum LitmusVerdict
{
    /// <summary>Never: the orders that are asked for forbid it.</summary>
    Forbidden,

    /// <summary>With weak memory: nothing forbids it.</summary>
    Weak,

    /// <summary>With weak memory, and what the tasks do relies on it not being seen: the variant is wrong.</summary>
    Wrong,

    /// <summary>The kernel's model allows it, and this machine never shows it.</summary>
    NotShown,
}

/// <summary>One litmus test: a few steps for each task, and a question.</summary>
/// <param name="Name">What orders the accesses, such as <c>wmb-rmb</c>.</param>
/// <param name="Verdict">Whether the family's outcome can be seen in it.</param>
/// <param name="Tasks">The steps of each task.</param>
public sealed record LitmusTest(
    string Name, LitmusVerdict Verdict, params IReadOnlyList<IReadOnlyList<LitmusStep>> Tasks)
{
    /// <summary>More outcomes that cannot be seen, though an interleaving without the locks would explain them.</summary>
    public IReadOnlyList<string> KeptApart { get; init; } = [];

    /// <summary>Whether it uses pointers, so that its objects are needed.</summary>
    public bool HasPointers => Tasks.Any(steps => steps.Any(step => step.Pointer != LitmusCell.None));

    /// <summary>All tasks in one line.</summary>
    public override string ToString() => string.Join(" | ", Tasks.Select(steps => string.Join("; ", steps)));
}

/// <summary>Litmus tests that differ in nothing but their orders, and ask for the same outcome.</summary>
/// <param name="Name">The part of the scenario's name behind <c>litmus/</c>.</param>
/// <param name="Title">Its name in the literature.</param>
/// <param name="Summary">What the tasks do, in one sentence.</param>
/// <param name="Meaning">What has happened when an outcome of <see cref="Asked"/> is seen.</param>
/// <param name="Asked">The outcomes that no interleaving explains, as patterns of <see cref="GradedOutcome"/>.</param>
public sealed record LitmusFamily(
    string Name, string Title, string Summary, string Meaning, params IReadOnlyList<string> Asked)
{
    /// <summary>The cells whose last value is part of the outcome.</summary>
    public IReadOnlyList<LitmusCell> Final { get; init; } = [];

    /// <summary>Why the machine does not show what the kernel's model allows.</summary>
    public string NotShown { get; init; } = "";

    /// <summary>The tests.</summary>
    public required IReadOnlyList<LitmusTest> Tests { get; init; }

    /// <summary>How a test's outcomes are graded: all that an interleaving explains are allowed.</summary>
    public OutcomeTable OutcomesOf(LitmusTest test)
    {
        OutcomeGrade grade = test.Verdict is LitmusVerdict.Forbidden or LitmusVerdict.Wrong
            ? OutcomeGrade.Forbidden : OutcomeGrade.Interesting;
        string meaning = test.Verdict == LitmusVerdict.NotShown ? $"{Meaning}; {NotShown}" : Meaning;
        return new OutcomeTable(
            [
                .. Asked.Select(asked => new GradedOutcome(asked, grade, meaning)),
                .. test.KeptApart.Select(apart => new GradedOutcome(apart, OutcomeGrade.Forbidden, "two hold the lock")),
            ])
        {
            Unlisted = OutcomeGrade.Allowed,
            UnlistedMeaning = "an interleaving explains it",
        };
    }
}

/// <summary>A family as a type, so that each of its tests can be a scenario type.</summary>
public interface ILitmusFamily
{
    /// <summary>The family.</summary>
    static abstract LitmusFamily Family { get; }
}

/// <summary>The position of a test in its family, as a type.</summary>
public interface ILitmusIndex
{
    /// <summary>From 0.</summary>
    static abstract int Value { get; }
}
