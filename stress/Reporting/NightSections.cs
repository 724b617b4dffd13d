using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What a night says beside its items: the ledger, the order of locks, distances, the self-test, gates.
/// </summary>
internal static class NightSections
{
    private const int MostLines = 20;
    private const int MostText = 60;

    public static void Write(Output output, RunSummary summary)
    {
        if (summary.Night is not { } night)
        {
            return;
        }

        WriteLedger(output, summary, night);
        WriteLockOrder(output, night);
        if (night.ChangedCounts.Count > 0)
        {
            output.Line($"counts that are not those of the last night: {night.ChangedCounts.Count}");
            foreach (string change in night.ChangedCounts.Take(MostLines))
            {
                output.Line($"  {change}");
            }

            WriteMore(output, night.ChangedCounts.Count);
        }

        if (night.NearMisses.Count > 0)
        {
            output.Line($"nearest to a violation (1 is far, 0 is one): {string.Join("; ", night.NearMisses)}");
        }

        if (night.LeftOut.Count > 0)
        {
            output.Line($"not run, for the budget was used up: {Figures.Count(night.LeftOut.Count, "item")}");
        }

        if (night.MissingShards.Count > 0)
        {
            string missing = string.Join(", ", night.MissingShards);
            output.Line("missing", Color.Red, $": shards {missing}; merge again with them");
        }

        output.Line($"self-test: {night.SelfTests - night.SelfTestsMissed.Count} of {night.SelfTests} known-bad "
            + "variants found");
        foreach (string gate in night.FailedGates)
        {
            output.Line("gate", Color.Red, $" {gate}");
        }
    }

    private static void WriteLedger(Output output, RunSummary summary, NightFigures night)
    {
        if (night.Shards > 1)
        {
            output.Line($"shard {night.Shard}/{night.Shards}: compared with the nights before when it was merged");
            return;
        }

        output.Line($"ledger: {Count(night, LedgerStates.New)} new, {Count(night, LedgerStates.Known)} known, "
            + $"{Count(night, LedgerStates.Again)} again, {Count(night, LedgerStates.Gone)} gone, "
            + $"{Count(night, LedgerStates.NotLookedFor)} not looked for, "
            + (night.Before is null ? "first night of this plan" : $"since {night.Before}"));

        // The first night finds all that is known to be wrong for the first time.
        List<LedgerLine> telling =
        [
            .. night.Ledger.Where(line => !line.IsExpected
                    || (night.Before is not null && line.State is not (LedgerStates.Known or LedgerStates.NotLookedFor)))
                .OrderBy(line => line.IsExpected),
        ];
        if (telling.Count == 0)
        {
            return;
        }

        var table = new TextTable("", "bug", ">tonight", ">in all", "first seen", "expected", "where", "signature");
        foreach (LedgerLine line in telling.Take(MostLines))
        {
            table.Add(
                line.State.ToUpperInvariant(),
                line.Id,
                Figures.Count(line.Tonight),
                Figures.Count(line.Total),
                line.FirstSeen.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                line.IsExpected ? "yes" : "no",
                line.Places[0] + (line.Places.Count > 1 ? $" and {line.Places.Count - 1} more" : ""),
                TextTable.Cut(line.Signature.ToString(), MostText));
        }

        output.Write(table);
        WriteMore(output, telling.Count);
        foreach (LedgerLine line in telling.Take(MostLines)
            .Where(line => line.Reproduce is not null && !line.IsExpected))
        {
            output.Line($"{line.State.ToUpperInvariant()} {line.Id}: {line.Signature}");
            if (line.SameAs.Count > 0)
            {
                output.Line($"  the same as in {string.Join(", ", line.SameAs)}");
            }

            if (line.Story is { } story)
            {
                output.Line($"  story      {summary.Folder}/{story}");
            }

            output.Line($"  Reproduce: {line.Reproduce}");
        }

        output.Line();
    }

    private static void WriteLockOrder(Output output, NightFigures night)
    {
        if (night.NewLockOrder.Count == 0)
        {
            return;
        }

        output.Line($"new in the order of locks: {night.NewLockOrder.Count}");
        foreach (string line in night.NewLockOrder.Take(MostLines))
        {
            output.Line($"  {line}");
        }

        WriteMore(output, night.NewLockOrder.Count);
    }

    private static void WriteMore(Output output, int lines)
    {
        if (lines > MostLines)
        {
            output.Line($"  and {lines - MostLines} more, in {RunFolder.SummaryName}");
        }
    }

    private static int Count(NightFigures night, string state) => night.Ledger.Count(line => line.State == state);
}
