using System.Collections.Generic;
using System.Linq;
using Spectre.Console;
using Stress.Exploration;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What it takes each of two engines to find the known bugs, and whether they come to the same.</summary>
internal static class ComparisonReport
{
    private const string NotReached = "not reached";

    public static void Write(Output output, RunSummary summary)
    {
        List<(RunItem Builtin, RunItem Other)> pairs = Pairs(summary.Items);
        output.Write(Table(pairs));
        output.Line();
        foreach ((_, RunItem other) in pairs.Where(pair => Verdict(pair) == NotReached))
        {
            output.Line($"not reached by {other.Engine}: {other.Killed!.Bug} ({other.Scenario}, variant "
                + $"{other.Variant}) within {Figures.Count(other.Explored!.Schedules)} schedules");
        }

        foreach (RunItem item in summary.Items.Where(item => !IsInOrder(item)))
        {
            WriteWrong(output, item);
        }

        bool isInOrder = summary.Items.All(IsInOrder);
        int agreed = pairs.Count(pair => Verdict(pair) == "agree");
        output.Line(
            isInOrder ? "as expected" : "unexpected",
            isInOrder ? Color.Green : Color.Red,
            $": both engines find {agreed} of {pairs.Count} bugs, in {Figures.Seconds(summary.ElapsedSeconds)}, "
            + $"results {summary.Folder}");
    }

    /// <summary>Whether an item says nothing against an engine: a bug that Coyote does not reach within its budget does
    /// not.</summary>
    public static bool IsInOrder(RunItem item)
        => item.IsAsExpected || (item.Engine != BuiltinEngine.EngineName && !IsWrong(item));

    private static bool IsWrong(RunItem item)
        => item.Killed is null or { OtherFinding: not null } or { TwinFinding: not null }
            || item.Replayed is { } replayed && replayed.Matched != replayed.Times;

    private static List<(RunItem Builtin, RunItem Other)> Pairs(IReadOnlyList<RunItem> items)
        => [.. from builtin in items
               where builtin.Engine == BuiltinEngine.EngineName
               let other = items.FirstOrDefault(item => item.Engine != builtin.Engine
                   && item.Scenario == builtin.Scenario && item.Variant == builtin.Variant)
               where other is { Killed: not null } && builtin.Killed is not null
               select (builtin, other)];

    private static string Verdict((RunItem Builtin, RunItem Other) pair)
        => IsWrong(pair.Builtin) || IsWrong(pair.Other) ? "DIFFER"
            : pair.Builtin.Killed!.Found == 0 || pair.Other.Killed!.Found == 0 ? NotReached : "agree";

    private static TextTable Table(List<(RunItem Builtin, RunItem Other)> pairs)
    {
        var table = new TextTable(
            "verdicts", "bug", "scenario", "variant", ">builtin", ">schedules", ">time", ">coyote", ">schedules",
            ">time", "twin", ">builtin", ">coyote");
        foreach ((RunItem Builtin, RunItem Other) pair in pairs)
        {
            KillFigures first = pair.Builtin.Killed!;
            KillFigures second = pair.Other.Killed!;
            table.Add(
                [Verdict(pair), first.Bug, pair.Builtin.Scenario, pair.Builtin.Variant, .. Kill(first), .. Kill(second),
                    first.Twin ?? "-", Clean(first), Clean(second)]);
        }

        return table;
    }

    private static string[] Kill(KillFigures killed) =>
    [
        $"{killed.Found}/{killed.Seeds}",
        killed.MedianSchedules is { } median ? Figures.Count(median) : "-",
        Figures.Seconds(killed.MedianSeconds),
    ];

    private static string Clean(KillFigures killed)
        => killed.TwinFinding is null ? Figures.Count(killed.TwinSchedules) : "NOT CLEAN";

    private static void WriteWrong(Output output, RunItem item)
    {
        output.Line("UNEXPECTED", Color.Red, $" {item.Killed?.Bug} ({item.Scenario}, variant {item.Variant}), "
            + $"engine {item.Engine}");
        output.Line($"  expected   {item.Expected}");
        output.Line($"  got        {item.Killed?.OtherFinding ?? item.Outcome}");
        if (item.Killed is { TwinFinding: { } finding, Twin: { } twin })
        {
            output.Line($"  twin       {twin}: {finding}");
        }

        output.Line($"  Reproduce: {item.Reproduce}");
        output.Line();
    }
}
