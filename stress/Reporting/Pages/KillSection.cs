using System.Collections.Generic;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>The known bugs, and what it took to find each: what shows that the night can find anything.</summary>
internal static class KillSection
{
    public static bool IsIn(ReportData data) => Wrong(data).Any();

    public static void AddTo(Page page, ReportData data)
    {
        RunItem[] all = [.. Wrong(data)];
        if (all.Length == 0)
        {
            return;
        }

        page.Section("kills", "Known bugs").Element(
            "p",
            $"{all.Count(item => item.IsAsExpected)} of {all.Length} were found, in the schedule that stands there, and "
            + "replayed from their traces.");
        foreach (IGrouping<string, RunItem> subsystem in all.GroupBy(ReportData.SubsystemOf))
        {
            RunItem[] items = [.. subsystem];
            int found = items.Count(item => item.IsAsExpected);
            page.Raw($"<details><summary>{Page.Text($"{subsystem.Key}: {found} of {items.Length} found")}</summary>\n")
                .Table($"Known bugs of {subsystem.Key}", s_heads, items.Select(Row))
                .Raw("</details>\n");
        }

        page.End();
    }

    private static readonly string[] s_heads =
        ["", "scenario", "variant", "found as", ">schedule", ">replayed", ">time", "what"];

    private static IEnumerable<RunItem> Wrong(ReportData data)
        => data.Items.Where(item => item.Killed is not null || (item.Explored is not null && item.Expected != "clean"));

    private static string[] Row(RunItem item) =>
    [
        item.IsAsExpected ? "found" : "NOT FOUND",
        item.Scenario,
        item.Variant,
        item.Finding?.Kind ?? item.Verdict,
        Schedule(item),
        item.Replayed is { } replayed ? $"{replayed.Matched}/{replayed.Times}" : "-",
        Figures.Seconds(item.ElapsedSeconds),
        item.Finding?.Text ?? item.Outcome,
    ];

    // With several seeds the median says what it takes.
    private static string Schedule(RunItem item)
        => (item.Killed?.MedianSchedules ?? item.Finding?.Schedule) is { } schedule ? Figures.Count(schedule) : "-";
}
