using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>What of the plan was covered, and how well: proven, proven within a bound, sampled, or run by real threads.
/// </summary>
internal static class CoverageSection
{
    private const string Verified = "verified: all";
    private const string Bounded = "verified up to";

    private static readonly (string Name, Func<RunItem, bool> Is)[] s_kinds =
    [
        ("unexpected", item => !item.IsAsExpected),
        ("bug found", item => item.Finding is not null),
        ("verified", item => Says(item, Verified)),
        ("bounded", item => Says(item, Bounded)),
        ("sampled", item => item.Explored is not null && item.Finding is null),
        ("hammered", item => item.Hammered is not null),
        ("simulated", item => item.Simulated is not null),
        ("measured", item => item.Timed is not null || item.Series is not null),
        ("laid out", item => item.Machine == "layout"),
        ("other", _ => true),
    ];

    public static void AddTo(Page page, ReportData data)
    {
        RunItem[] items = [.. data.Items.Where(item => item.Verdict != Verdicts.Interrupted)];
        page.Section("coverage", "Coverage");
        if (items.Length == 0)
        {
            page.Element("p", "No item has ended.");
            AddLeftOut(page, data);
            page.End();
            return;
        }

        int[] used = [.. Enumerable.Range(0, s_kinds.Length).Where(kind => items.Any(item => KindOf(item) == kind))];
        page.Element(
            "p",
            "Verified: every execution was run. Bounded: every one with so many preemptions. Sampled: some of them, so "
            + "nothing is proven.",
            "note");
        page.Table(
            "Items by subsystem",
            ["subsystem", .. used.Select(kind => ">" + s_kinds[kind].Name), ">all"],
            Rows(items, used));
        foreach (IGrouping<string, RunItem> subsystem in items.GroupBy(ReportData.SubsystemOf))
        {
            string title = $"{subsystem.Key}: {Figures.Count(subsystem.Count(), "item")}";
            page.Raw($"<details><summary>{Page.Text(title)}</summary>\n")
                .Table(
                    $"Items of {subsystem.Key}",
                    ["", "machine", "scenario", "variant", "covered", ">time"],
                    subsystem.Select(item => new[]
                    {
                        item.IsAsExpected ? "ok" : "UNEXPECTED", item.Machine, item.Scenario, item.Variant, item.Outcome,
                        Figures.Seconds(item.ElapsedSeconds),
                    }))
                .Raw("</details>\n");
        }

        AddLeftOut(page, data);
        page.End();
    }

    private static IEnumerable<string[]> Rows(IReadOnlyList<RunItem> items, IReadOnlyList<int> used)
        => items.GroupBy(ReportData.SubsystemOf)
            .Select(subsystem => (Name: subsystem.Key, Items: subsystem.ToArray()))
            .Append((Name: "all", Items: [.. items]))
            .Select(row => (string[])
            [
                row.Name,
                .. used.Select(kind => Figures.Count(row.Items.Count(item => KindOf(item) == kind))),
                Figures.Count(row.Items.Length),
            ]);

    private static void AddLeftOut(Page page, ReportData data)
    {
        IReadOnlyList<string> left = data.Summary.Night?.LeftOut ?? [];
        int missing = data.Summary.Planned - data.Summary.Items.Count;
        if (left.Count > 0)
        {
            page.Element("p", $"Not run, for the budget was used up: {string.Join(", ", left)}.");
        }
        else if (missing > 0)
        {
            page.Element("p", $"Not run: {Figures.Count(missing, "item")} of {Figures.Count(data.Summary.Planned)} planned.");
        }
    }

    private static int KindOf(RunItem item) => Array.FindIndex(s_kinds, kind => kind.Is(item));

    private static bool Says(RunItem item, string word)
        => item.Explored is not null && item.Outcome.StartsWith(word, StringComparison.Ordinal);
}
