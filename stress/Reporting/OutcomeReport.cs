using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>The table of outcomes that `explore` prints and keeps.</summary>
internal static class OutcomeReport
{
    /// <summary>What a summary keeps of the outcomes; null for none.</summary>
    public static IReadOnlyList<OutcomeFigures>? Figures(IReadOnlyList<OutcomeRow> rows)
        => rows.Count == 0 ? null
            : [.. rows.Select(row => new OutcomeFigures(
                row.Outcome, row.Count, row.Share, row.Grade.ToString().ToLowerInvariant(), row.Meaning))];

    /// <summary>Writes the table, when there are outcomes, with an empty line on both sides.</summary>
    public static void Write(Output output, RunItem item)
    {
        if (item.Outcomes is not { } outcomes)
        {
            return;
        }

        var table = new TextTable("outcome", ">count", ">share", "grade", "meaning");
        foreach (OutcomeFigures row in outcomes)
        {
            table.Add(
                row.Outcome,
                Reporting.Figures.Count(row.Count),
                Reporting.Figures.Share(row.Share, 1),
                row.Grade,
                row.Meaning);
        }

        output.Write(table);
        output.Line();
    }
}
