using System;
using System.Collections.Generic;

namespace Stress.Machine;

/// <summary>What an outcome means for the scenario.</summary>
public enum OutcomeGrade
{
    /// <summary>As it should be.</summary>
    Allowed,

    /// <summary>Allowed, and worth knowing when it is seen.</summary>
    Interesting,

    /// <summary>A run that comes to it has failed.</summary>
    Forbidden,
}

/// <summary>Outcomes of a scenario with their grade.</summary>
/// <param name="Pattern">Registers and their values in the order of their names, such as <c>r0=1 r1=0</c>; <c>*</c>
/// stands for any value.</param>
/// <param name="Grade">What it means.</param>
/// <param name="Meaning">Why, in a few words: what a report shows.</param>
public sealed record GradedOutcome(string Pattern, OutcomeGrade Grade, string Meaning)
{
    /// <summary>Whether an outcome is one of these.</summary>
    public bool Matches(string outcome)
    {
        string[] wanted = Pattern.Split(' ');
        string[] seen = outcome.Split(' ');
        if (wanted.Length != seen.Length)
        {
            return false;
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            bool isSame = wanted[i].EndsWith("=*", StringComparison.Ordinal)
                ? seen[i].StartsWith(wanted[i].AsSpan(0, wanted[i].Length - 1), StringComparison.Ordinal)
                : seen[i] == wanted[i];
            if (!isSame)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The outcomes that a scenario grades: its registers are told by <see cref="ICpuContext.Observe"/>.</summary>
/// <param name="Outcomes">The first that matches grades an outcome; one that no run comes to is reported as such.</param>
public sealed record OutcomeTable(params IReadOnlyList<GradedOutcome> Outcomes)
{
    /// <summary>The grade of an outcome that is not listed.</summary>
    public OutcomeGrade Unlisted { get; init; } = OutcomeGrade.Forbidden;

    /// <summary>What an outcome that is not listed means.</summary>
    public string UnlistedMeaning { get; init; } = "not listed";

    /// <summary>Position in <see cref="Outcomes"/> of what grades an outcome; their number when none does.</summary>
    public int PositionOf(string outcome)
    {
        int position = 0;
        while (position < Outcomes.Count && !Outcomes[position].Matches(outcome))
        {
            position++;
        }

        return position;
    }

    /// <summary>What an outcome is graded.</summary>
    public GradedOutcome Grade(string outcome)
        => PositionOf(outcome) is var position && position < Outcomes.Count
            ? Outcomes[position] : new GradedOutcome(outcome, Unlisted, UnlistedMeaning);
}
