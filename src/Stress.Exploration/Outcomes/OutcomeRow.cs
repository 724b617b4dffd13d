using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>How often runs came to an outcome.</summary>
/// <param name="Outcome">Its registers and their values; a pattern of the scenario's table when no run came to it.
/// </param>
/// <param name="Count">Runs that came to it.</param>
/// <param name="Share">Part of all runs that came to their end, from 0 to 1.</param>
/// <param name="Grade">What it means for the scenario.</param>
/// <param name="Meaning">Why.</param>
public sealed record OutcomeRow(string Outcome, long Count, double Share, OutcomeGrade Grade, string Meaning);

/// <summary>Makes the table of a whole exploration.</summary>
internal static class OutcomeRows
{
    /// <summary>The rows in the order of the scenario's table, then those that are not listed; each group in the order
    /// of its text, so that it does not matter who met an outcome first.</summary>
    public static IReadOnlyList<OutcomeRow> Of(OutcomeTable? table, IEnumerable<OutcomeCollector> collectors)
    {
        OutcomeTable grades = table ?? new OutcomeTable { Unlisted = OutcomeGrade.Allowed, UnlistedMeaning = "" };
        List<(int Position, string Outcome, long Count)> rows = [.. collectors
            .SelectMany(collector => collector.Counts)
            .GroupBy(count => count.Key, count => count.Value)
            .Select(counts => (grades.PositionOf(counts.Key), counts.Key, counts.Sum()))];
        double total = Math.Max(1, rows.Sum(row => row.Count));
        for (int i = 0; i < grades.Outcomes.Count; i++)
        {
            if (rows.TrueForAll(row => row.Position != i))
            {
                rows.Add((i, grades.Outcomes[i].Pattern, 0));
            }
        }

        rows.Sort((a, b) => a.Position != b.Position
            ? a.Position.CompareTo(b.Position) : string.CompareOrdinal(a.Outcome, b.Outcome));
        return [.. rows.Select(row => row.Position < grades.Outcomes.Count
            ? Row(row.Outcome, row.Count, total, grades.Outcomes[row.Position].Grade, grades.Outcomes[row.Position].Meaning)
            : Row(row.Outcome, row.Count, total, grades.Unlisted, grades.UnlistedMeaning))];
    }

    private static OutcomeRow Row(string outcome, long count, double total, OutcomeGrade grade, string meaning)
        => new(outcome, count, count / total, grade, meaning);
}
