using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>The head of a report: whether all is well, in words that need no others, and how much was done.</summary>
internal static class VerdictSection
{
    public static void AddTo(Page page, ReportData data)
    {
        RunSummary summary = data.Summary;
        string style = IsBad(summary) ? " bad" : data.IsWhole ? "" : " warn";
        page.Element("h1", summary.Night is { } night ? $"Stress {CommandOf(summary)}: {night.Plan}"
                : $"Stress: {string.Join(' ', summary.CommandLine)}")
            .Element("p", $"{summary.Started.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, "
                + $"{Figures.Seconds(summary.ElapsedSeconds)}, run {summary.Run}", "faint")
            .Raw($"<div class=\"verdict{style}\" role=\"status\">\n")
            .Element("p", Word(summary), "word")
            .Element("p", Sentence(data));
        foreach (string reason in Reasons(data))
        {
            page.Element("p", reason);
        }

        page.Raw("</div>\n");
        AddTiles(page, data);
        AddContents(page, data);
    }

    /// <summary>The verdict in a word or two.</summary>
    public static string Word(RunSummary summary)
        => IsBad(summary) ? "Red"
            : summary.State is RunStates.Finished ? "Green"
            : summary.State is RunStates.Running ? "Not finished"
            : "Interrupted";

    /// <summary>The command that made the run.</summary>
    public static string CommandOf(RunSummary summary) => summary.CommandLine is [var command, ..] ? command : "run";

    private static bool IsBad(RunSummary summary)
        => summary.Items.Any(item => !item.IsAsExpected && item.Verdict != Verdicts.Interrupted)
            || summary.Night is { FailedGates.Count: > 0 } or { SelfTestsMissed.Count: > 0 } or { MissingShards.Count: > 0 }
            || summary.State == RunStates.Failed;

    private static string Sentence(ReportData data)
    {
        RunSummary summary = data.Summary;
        int fresh = summary.Night?.Ledger.Count(line => line is { IsExpected: false, State: LedgerStates.New }) ?? 0;
        int unexpected = data.Unexpected.Count;
        return unexpected == 0 && !IsBad(summary)
            ? data.IsWhole ? "Everything came out as expected: what is known to be wrong was found, and nothing else."
                : $"{summary.Items.Count} of {Figures.Count(summary.Planned, "item")} ran; nothing unexpected among them."
            : unexpected == 0 ? "All items came out as expected, but the night as a whole does not pass."
            : $"{Figures.Count(unexpected, "item")} of {Figures.Count(summary.Items.Count)} did not come out as expected"
                + (fresh > 0 ? $"; {Figures.Count(fresh, "bug")} {(fresh == 1 ? "is" : "are")} new." : ".");
    }

    private static IEnumerable<string> Reasons(ReportData data)
    {
        if (data.Summary.Night is not { } night)
        {
            yield break;
        }

        if (night.SelfTestsMissed.Count > 0)
        {
            yield return $"The self-test did not find {string.Join(", ", night.SelfTestsMissed)}: what this night says "
                + "of other code is not to be trusted.";
        }

        foreach (string gate in night.FailedGates)
        {
            yield return $"Gate: {gate}";
        }

        if (night.MissingShards.Count > 0)
        {
            yield return $"Shards {string.Join(", ", night.MissingShards)} are missing; merge again with them.";
        }

        if (night.Shards > 1)
        {
            yield return $"This is shard {night.Shard} of {night.Shards}.";
        }
    }

    private static void AddTiles(Page page, ReportData data)
    {
        RunItem[] explored = [.. data.Items.Where(item => item.Explored is not null)];
        RunItem[] hammered = [.. data.Items.Where(item => item.Hammered is not null)];
        RunItem[] wrong = [.. explored.Where(item => item.Expected != "clean")];
        RunItem[] correct = [.. explored.Where(item => item.Expected == "clean")];
        var tiles = new List<(string Figure, string What)>();
        if (wrong.Length > 0)
        {
            tiles.Add(($"{wrong.Count(item => item.IsAsExpected)} of {wrong.Length}", "known bugs found"));
        }

        if (correct.Length > 0)
        {
            tiles.Add(($"{correct.Count(item => item.IsAsExpected)} of {correct.Length}", "correct variants clean"));
            tiles.Add((Figures.Count(explored.Sum(item => item.Explored!.Schedules)), "schedules explored"));
        }

        if (hammered.Length > 0)
        {
            tiles.Add((Figures.Count(hammered.Sum(item => item.Hammered!.Operations)), "operations hammered"));
        }

        if (data.Summary.Night is { SelfTests: > 0 } night)
        {
            tiles.Add(($"{night.SelfTests - night.SelfTestsMissed.Count} of {night.SelfTests}", "self-tests found"));
        }

        if (tiles.Count == 0)
        {
            return;
        }

        page.Raw("<ul class=\"tiles\">\n");
        foreach ((string figure, string what) in tiles)
        {
            page.Raw($"<li><strong>{Page.Text(figure)}</strong> {Page.Text(what)}</li>\n");
        }

        page.Raw("</ul>\n");
    }

    private static void AddContents(Page page, ReportData data)
    {
        (string Id, string Title, bool IsThere)[] sections =
        [
            ("findings", "Findings", true),
            ("kills", "Known bugs", KillSection.IsIn(data)),
            ("hammer", "Lock contention", HammerSection.IsIn(data)),
            ("layouts", "Layouts", LayoutSection.IsIn(data)),
            ("trends", "Trends", TrendSection.IsIn(data)),
            ("coverage", "Coverage", true),
            ("origin", "How it was run", true),
        ];
        page.Raw("<nav aria-label=\"Sections\">");
        foreach ((string id, string title, bool _) in sections.Where(section => section.IsThere))
        {
            page.Raw($"<a href=\"#{id}\">{Page.Text(title)}</a> ");
        }

        page.Raw("</nav>\n");
    }
}
