using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>What was found that nobody expected, each with its story and the command that shows it; then what has come
/// and gone.</summary>
internal static class FindingsSection
{
    private const int MostCards = 20;

    public static void AddTo(Page page, ReportData data)
    {
        page.Section("findings", "Findings");
        IReadOnlyList<RunItem> told = ToTell(data);
        if (data.Unexpected.Count == 0)
        {
            page.Element("p", told.Count == 0
                ? "Nothing was found that was not expected." : "What was found is what had to be found.");
        }

        Dictionary<string, LedgerLine> ledger = (data.Summary.Night?.Ledger ?? [])
            .Where(line => !line.IsExpected).ToDictionary(line => line.Signature.Id);

        // A bug that was found in many places is one card.
        IGrouping<string, RunItem>[] bugs =
        [
            .. told.GroupBy(item => item.Finding?.Signature?.Id ?? item.Key ?? $"{item.Scenario}@{item.Variant}")
                .OrderBy(same => Rank(ledger.GetValueOrDefault(same.Key))),
        ];
        foreach (IGrouping<string, RunItem> same in bugs.Take(MostCards))
        {
            // Where it should not be says more than a known bug whose correct twin has it too.
            AddCard(
                page, data, [.. same.OrderBy(item => item.Expected == "clean" ? 0 : 1)],
                ledger.GetValueOrDefault(same.Key));
        }

        if (bugs.Length > MostCards)
        {
            page.Element("p", $"And {bugs.Length - MostCards} more, in {RunFolder.SummaryName}.", "note");
        }

        AddLedger(page, data);
        AddLockOrder(page, data);
        page.End();
    }

    // In a night what is expected is a line among the known bugs; elsewhere it is what the run was for.
    private static IReadOnlyList<RunItem> ToTell(ReportData data)
        => data.Summary.Night is not null || data.Run.IsNight ? data.Unexpected
            : [.. data.Summary.Items.Where(item => !item.IsAsExpected || item.Finding is not null)];

    private static int Rank(LedgerLine? line) => line?.State switch
    {
        LedgerStates.New => 0,
        LedgerStates.Again => 1,
        null => 2,
        _ => 3,
    };

    private static void AddCard(Page page, ReportData data, IReadOnlyList<RunItem> items, LedgerLine? line)
    {
        RunItem item = items[0];
        FindingSummary? told = item.Finding is { Story: not null } found ? found : item.Story?.Finding ?? item.Finding;
        page.Raw("<article class=\"card\">\n<h3>")
            .Raw(line is null ? "" : $"<span class=\"badge {Colour(line.State)}\">{line.State.ToUpperInvariant()}</span>")
            .Raw($"{Page.Text($"{item.Machine} {item.Scenario} {item.Variant}")}</h3>\n")
            .Element("p", item.Finding is { } finding ? $"{finding.Kind}: {finding.Text}" : item.Outcome)
            .Element("p", $"Expected: {item.Expected}.", "faint");
        if (item.Replayed is { } replayed)
        {
            page.Element("p", $"Replayed {replayed.Matched} of {replayed.Times} times"
                + (replayed.Divergence is { } divergence ? $": {divergence}" : "."), "faint");
        }

        if (line is not null)
        {
            page.Element("p", $"First seen {Day(line.FirstSeen)}, {Figures.Count(line.Tonight, "time")} tonight, "
                + $"{Figures.Count(line.Total)} in all"
                + (line.SameAs.Count > 0 ? $"; the same as in {string.Join(", ", line.SameAs)}" : "") + ".", "faint");
        }

        if (items.Count > 1)
        {
            page.Element("p", "Also in " + string.Join(", ", items.Skip(1).Select(PlaceOf).Distinct().Take(8)) + ".");
        }

        if (told?.Decides is { } pair)
        {
            page.Element("p", $"What decides it: {pair}");
        }

        foreach (string chain in item.Finding?.Chains ?? [])
        {
            page.Element("p", chain, "faint");
        }

        if (told is not null && data.StoryOf(told) is { } story)
        {
            page.Preformatted(story, $"Story of {PlaceOf(item)}");
        }

        page.Command(item.Reproduce);
        AddLinks(page, told);
        page.Raw("</article>\n");
    }

    private static void AddLinks(Page page, FindingSummary? finding)
    {
        (string? File, string Title)[] links =
            [(finding?.StoryPage, "story as a page"), (finding?.Trace, "trace"), (finding?.File, "finding")];
        string[] there =
        [
            .. links.Where(link => link.File is not null)
                .Select(link => $"<a href=\"{Address(link.File!)}\">{link.Title}</a>"),
        ];
        if (there.Length > 0)
        {
            page.Raw($"<p>In the run's folder: {string.Join(", ", there)}.</p>\n");
        }
    }

    // Relative to the report, and never anything but a file.
    private static string Address(string file)
        => "./" + string.Join('/', file.Split('/').Select(Uri.EscapeDataString));

    private static void AddLedger(Page page, ReportData data)
    {
        if (data.Summary.Night is not { Shards: 1 } night)
        {
            return;
        }

        if (night.Before is null)
        {
            page.Element("p", "This is the first night of its plan: there is nothing to compare it with.", "note");
            return;
        }

        LedgerLine[] telling =
        [
            .. night.Ledger.Where(line => !line.IsExpected
                    || line.State is not (LedgerStates.Known or LedgerStates.NotLookedFor))
                .OrderBy(line => line.IsExpected),
        ];
        if (telling.Length == 0)
        {
            page.Element("p", $"The same bugs as in the night before ({night.Before}): nothing is new, nothing is gone.");
            return;
        }

        page.Table(
            $"What has changed since {night.Before}",
            ["state", "bug", ">tonight", ">in all", "first seen", "expected", "where"],
            telling.Select(line => new[]
            {
                line.State, line.Signature.ToString(), Figures.Count(line.Tonight), Figures.Count(line.Total),
                Day(line.FirstSeen), line.IsExpected ? "yes" : "no", string.Join(", ", line.Places),
            }));
    }

    private static void AddLockOrder(Page page, ReportData data)
    {
        if (data.Summary.Night is { NewLockOrder.Count: > 0 } night)
        {
            page.Raw($"<details class=\"print\"><summary>New in the order of locks: {night.NewLockOrder.Count}</summary>\n")
                .Raw("<ul>\n");
            foreach (string edge in night.NewLockOrder)
            {
                page.Element("li", edge);
            }

            page.Raw("</ul></details>\n");
        }
    }

    private static string Colour(string state) => state switch
    {
        LedgerStates.New or LedgerStates.Again => "bad",
        LedgerStates.Gone => "good",
        _ => "warn",
    };

    private static string PlaceOf(RunItem item) => $"{item.Scenario} {item.Variant}";

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
