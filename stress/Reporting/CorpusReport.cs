using System.Collections.Generic;
using System.Linq;
using Spectre.Console;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>The kill table: what it takes to find each known bug.</summary>
internal static class CorpusReport
{
    public static void Write(Output output, RunSummary summary)
    {
        output.Write(Table(summary.Items));
        output.Line();
        List<RunItem> wrong = [.. summary.Items.Where(item => !item.IsAsExpected)];
        foreach (RunItem item in wrong)
        {
            WriteWrong(output, item);
        }

        int found = summary.Items.Count(item => item.Killed is { } killed && killed.Found == killed.Seeds);
        string all = summary.Items.Count == summary.Planned ? "" : $" of {summary.Planned} planned";
        output.Line(
            wrong.Count == 0 ? "as expected" : $"{wrong.Count} unexpected",
            wrong.Count == 0 ? Color.Green : Color.Red,
            $": {found} of {summary.Items.Count}{all} bugs found by every seed, in "
            + $"{Figures.Seconds(summary.ElapsedSeconds)}, results {summary.Folder}");
    }

    private static TextTable Table(IReadOnlyList<RunItem> items)
    {
        var table = new TextTable(
            "", "bug", "scenario", "variant", "kind", ">found", ">schedules", ">time", "strategy", ">replayed",
            "twin", ">clean over");
        foreach (RunItem item in items)
        {
            if (item.Killed is not { } killed)
            {
                continue;
            }

            table.Add(
                item.IsAsExpected ? "ok" : "UNEXPECTED",
                killed.Bug,
                item.Scenario,
                item.Variant,
                killed.Kind,
                $"{killed.Found}/{killed.Seeds}",
                killed.MedianSchedules is { } median ? Figures.Count(median) : "-",
                Figures.Seconds(killed.MedianSeconds),
                killed.Strategy ?? "-",
                item.Replayed is { } replayed ? $"{replayed.Matched}/{replayed.Times}" : "-",
                killed.Twin ?? "-",
                killed.TwinFinding is null ? Figures.Count(killed.TwinSchedules) : "NOT CLEAN");
        }

        return table;
    }

    private static void WriteWrong(Output output, RunItem item)
    {
        output.Line("UNEXPECTED", Color.Red, $" {item.Killed?.Bug} ({item.Scenario}, variant {item.Variant})");
        output.Line($"  expected   {item.Expected}");
        output.Line($"  got        {item.Outcome}");
        if (item.Killed is { TwinFinding: { } finding, Twin: { } twin })
        {
            output.Line($"  twin       {twin}: {finding}");
            output.Line("  Reproduce: " + Reproduction.Run(
                $"explore {item.Scenario} --variant {twin} --schedules {item.Killed.TwinSchedules} --seed {item.Seed}"));
        }

        output.Line($"  Reproduce: {item.Reproduce}");
        output.Line();
    }
}
