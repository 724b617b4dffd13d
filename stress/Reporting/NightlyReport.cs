using System.Collections.Generic;
using System.Linq;
using Spectre.Console;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What <c>nightly</c> prints at its end: a line for each item, then in full what was not expected.</summary>
internal static class NightlyReport
{
    private const int MostText = 70;

    public static void Write(Output output, RunSummary summary)
    {
        output.Write(Items(summary.Items));
        output.Line();
        List<RunItem> unexpected = [.. summary.Items.Where(IsUnexpected)];
        foreach (RunItem item in unexpected)
        {
            WriteUnexpected(output, item, summary.Folder!);
        }

        WriteTotals(output, summary, unexpected.Count);
    }

    private static TextTable Items(IReadOnlyList<RunItem> items)
    {
        var table = new TextTable(
            "", "machine", "scenario", "variant", "expected", "verdict", ">schedules/ops", ">time", ">replayed",
            "finding");
        foreach (RunItem item in items)
        {
            table.Add(
                IsUnexpected(item) ? "UNEXPECTED" : item.IsAsExpected ? "ok" : "-",
                item.Machine,
                item.Scenario,
                item.Variant,
                Kind(item.Expected),
                item.Finding?.Kind ?? item.Verdict,
                Covered(item),
                Figures.Seconds(item.ElapsedSeconds),
                item.Replayed is { } replayed ? $"{replayed.Matched}/{replayed.Times}" : "-",
                TextTable.Cut(item.Finding?.Text ?? "", MostText));
        }

        return table;
    }

    // What was interrupted says nothing either way.
    private static bool IsUnexpected(RunItem item)
        => !item.IsAsExpected && item.Verdict != Verdicts.Interrupted;

    private static string Kind(string expected) => expected.Split(':')[0];

    // For a finding this is what it took to find it.
    private static string Covered(RunItem item)
        => item.Explored is { } explored ? Figures.Count(explored.Schedules)
            : item.Hammered is { } hammered ? Figures.Count(hammered.Operations)
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

        ChainLines.Write(output, item.Finding?.Chains);
        if (item.Finding is { Story: { } story })
        {
            output.Line($"  story      {folder}/{story}");
        }

        if (item.Story is { } told)
        {
            output.Line($"  explored   {told.Outcome}"
                + (told.Finding is { Story: { } text } ? $": {folder}/{text}" : ""));
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
            + $"variants without a finding in "
            + $"{Figures.Count(explored.Sum(item => item.Explored!.Schedules), "schedule")}, "
            + $"{Figures.Count(summary.Items.Count(item => item.Hammered is not null), "hammer run")}");
        List<LockOrderFigures> order = [.. summary.Items.Select(item => item.LockOrder).OfType<LockOrderFigures>()];
        if (order.Count > 0)
        {
            output.Line($"lock order of {Figures.Count(order.Count, "item")}, "
                + $"{Figures.Count(order.Sum(item => item.Edges), "edge")}: {summary.Folder}/{LockOrderFile.Name}");
        }

        NightSections.Write(output, summary);
        string all = summary.Items.Count == summary.Planned ? Figures.Count(summary.Planned, "item")
            : $"{Figures.Count(summary.Items.Count)} of {Figures.Count(summary.Planned)} planned items";
        bool isCutOff = summary.Night is null;
        bool isRed = unexpected > 0 || summary.Night?.FailedGates.Count > 0;
        output.Line(
            unexpected > 0 ? $"{unexpected} unexpected"
                : isRed ? "a gate failed" : isCutOff ? "interrupted" : "as expected",
            isRed ? Color.Red : isCutOff ? Color.Yellow : Color.Green,
            $": {all} in {Figures.Seconds(summary.ElapsedSeconds)}, seed {summary.Seed}, "
            + $"results {summary.Folder}");
    }
}
