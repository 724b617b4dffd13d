using System.Collections.Generic;
using System.Linq;
using Spectre.Console;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What <c>nightly</c> prints at its end: a line for each item, then in full what was not expected.</summary>
internal static class NightlyReport
{
    private const int MostText = 60;

    public static void Write(Output output, RunSummary summary)
    {
        output.Write(Items(summary.Items));
        List<RunItem> unexpected = [.. summary.Items.Where(item => !item.IsAsExpected)];
        foreach (RunItem item in unexpected)
        {
            WriteUnexpected(output, item, summary.Folder!);
        }

        WriteTotals(output, summary, unexpected.Count);
    }

    private static Table Items(IReadOnlyList<RunItem> items)
    {
        Table table = Tables.Plain(
            "machine", "scenario", "variant", "expected", "verdict", "covered", "time", "replayed", "");
        foreach (int column in (int[])[0, 1, 2, 3, 5, 6, 7, 8])
        {
            table.Columns[column].NoWrap();
        }

        table.Columns[5].RightAligned();
        table.Columns[6].RightAligned();
        foreach (RunItem item in items)
        {
            table.AddRow(
                new Text(item.Machine),
                new Text(item.Scenario),
                new Text(item.Variant),
                new Text(item.Expected.Split(':')[0]),
                Tables.Cut(Verdict(item), MostText),
                new Text(Covered(item)),
                new Text(Figures.Seconds(item.ElapsedSeconds)),
                new Text(item.Replayed is { } replayed ? $"{replayed.Matched}/{replayed.Times}" : "-"),
                item.IsAsExpected ? new Text("ok", new Style(Color.Green)) : new Text("UNEXPECTED", new Style(Color.Red)));
        }

        return table;
    }

    private static string Verdict(RunItem item) => item.Verdict switch
    {
        Verdicts.Violation => item.Outcome,
        Verdicts.NoFinding => "no finding",
        _ => item.Verdict,
    };

    // For a finding this is what it took to find it.
    private static string Covered(RunItem item)
        => item.Explored is { } explored ? $"{Figures.Count(explored.Schedules, "schedule")}"
            : item.Hammered is { } hammered ? $"{Figures.Count(hammered.Operations)} ops"
            : "-";

    private static void WriteUnexpected(Output output, RunItem item, string folder)
    {
        output.Line("UNEXPECTED", Color.Red, $" {item.Machine} {item.Scenario} {item.Variant}");
        output.Line($"  expected   {item.Expected}");
        output.Line($"  got        {item.Outcome}");
        if (item.Replayed is { Divergence: { } divergence } replayed)
        {
            output.Line($"  replayed   {replayed.Matched}/{replayed.Times}: {divergence}");
        }

        if (item.Finding is { Story: { } story })
        {
            output.Line($"  story      {folder}/{story}");
        }

        output.Line($"  Reproduce: {item.Reproduce}");
        output.Line();
    }

    private static void WriteTotals(Output output, RunSummary summary, int unexpected)
    {
        List<RunItem> explored = [.. summary.Items.Where(item => item.Explored is not null)];
        int wrong = explored.Count(item => item.Expected != "clean");
        int caught = explored.Count(item => item.Expected != "clean" && item.IsAsExpected);
        int clean = explored.Count(item => item.Expected == "clean" && item.IsAsExpected);
        output.Line($"{caught} of {wrong} known bugs found and replayed, {clean} of {explored.Count - wrong} correct "
            + $"variants without a finding in {Figures.Count(explored.Sum(item => item.Explored!.Schedules), "schedule")}, "
            + $"{Figures.Count(summary.Items.Count(item => item.Hammered is not null), "hammer run")}");
        string all = summary.Items.Count == summary.Planned ? "" : $" of {summary.Planned} planned";
        output.Line(
            unexpected == 0 ? "as expected" : $"{unexpected} unexpected",
            unexpected == 0 ? Color.Green : Color.Red,
            $": {summary.Items.Count}{all} items in {Figures.Seconds(summary.ElapsedSeconds)}, seed {summary.Seed}, "
            + $"results {summary.Folder}");
    }
}
