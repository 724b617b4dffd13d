using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests.Results;

public sealed class NightReportsTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void JUnit_OfANight_CountsWhatIsNotAsExpected()
    {
        RunSummary run = Run(
            Item("a", Verdicts.NoFinding, isAsExpected: true),
            Item("b\u0001", Verdicts.NoFinding, isAsExpected: false),
            Item("c", Verdicts.Error, isAsExpected: false),
            Item("d", Verdicts.Interrupted, isAsExpected: false));

        XElement suites = XDocument.Parse(JUnitReport.Of(run)).Root!;

        Assert.Equal(
            ("4", "1", "1", "1"),
            (suites.Attribute("tests")!.Value, suites.Attribute("failures")!.Value, suites.Attribute("errors")!.Value,
                suites.Attribute("skipped")!.Value));
        XElement failure = Assert.Single(suites.Descendants("failure"));
        Assert.Contains("stress explore b?", failure.Value);
        Assert.Equal("explore.a", suites.Descendants("testcase").First().Attribute("classname")!.Value);
    }

    [Fact]
    public void Sarif_OfARace_HasAThreadFlowForEachTaskInTheOrderOfTheRun()
    {
        string results = Path.Combine(folder.Location, "race");
        Ended ended = StressProcess.Run(
            "explore", "locks/lock-owner", "--variant", "no-section", "--out", results);
        Assert.Equal(1, ended.ExitCode);
        StoredRun run = Assert.Single(StoredRun.All(results));

        using var sarif = JsonDocument.Parse(SarifReport.Of(run));

        JsonElement root = sarif.RootElement;
        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        JsonElement result = Assert.Single(root.GetProperty("runs")[0].GetProperty("results").EnumerateArray());
        JsonElement[] flows =
            [.. result.GetProperty("codeFlows")[0].GetProperty("threadFlows").EnumerateArray()];
        Assert.True(flows.Length >= 2);
        int[] orders = [.. flows.SelectMany(flow => flow.GetProperty("locations").EnumerateArray())
            .Select(step => step.GetProperty("executionOrder").GetInt32())];
        Assert.Equal(Enumerable.Range(1, orders.Length), orders.Order());
        Assert.All(flows, flow => Assert.NotEmpty(flow.GetProperty("id").GetString()!));
    }

    [Fact]
    public void Ledger_SameBug500Times_IsOneLine()
    {
        RunItem[] items = [.. Enumerable.Range(0, 500).Select(i => Found($"s{i % 7}", isExpected: false))];
        RunSummary night = Run(items) with { Run = "one" };

        LedgerEntry bug = Assert.Single(new Ledger().With("p", night).With("p", night).Bugs);
        Assert.Equal(500, bug.Count);
        Assert.Equal(7, bug.Places.Count);
        Assert.EndsWith("!", bug.Id);
    }

    [Fact]
    public void Ledger_BugThatIsKnownElsewhere_IsNewAndSaysWhere()
    {
        Ledger ledger = new Ledger().With("p", Run(Found("wrong", isExpected: true)) with { Run = "one" });
        RunSummary night = Run(Found("wrong", isExpected: true), Found("right", isExpected: false)) with
        {
            Run = "two",
        };

        IReadOnlyList<LedgerLine> lines = ledger.Compare("p", night);

        Assert.Equal(LedgerStates.Known, Assert.Single(lines, line => line.IsExpected).State);
        LedgerLine surprise = Assert.Single(lines, line => !line.IsExpected);
        Assert.Equal(LedgerStates.New, surprise.State);
        Assert.Equal(["wrong@v"], surprise.SameAs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ledger_WrongVariantThatShowsItAnotherWay_IsKnownWhereItIsExpected(bool isExpected)
    {
        Ledger ledger = new Ledger().With("p", Run(Found("wrong", isExpected)) with { Run = "one" });
        RunItem otherwise = Found("wrong", isExpected);
        otherwise = otherwise with
        {
            Finding = otherwise.Finding! with { Signature = otherwise.Finding.Signature! with { Text = "y" } },
        };

        string[] states = [.. ledger.Compare("p", Run(otherwise) with { Run = "two" }).Select(line => line.State)];

        Assert.Equal(isExpected ? [LedgerStates.Known] : [LedgerStates.New, LedgerStates.Gone], states);
    }

    [Fact]
    public void Ledger_PlaceThatWasNotRun_IsNotGone()
    {
        Ledger ledger = new Ledger().With("p", Run(Found("a", isExpected: false)) with { Run = "one" });

        LedgerLine line = Assert.Single(
            ledger.Compare("p", Run(Item("b", Verdicts.NoFinding, isAsExpected: true)) with { Run = "two" }));

        Assert.Equal(LedgerStates.NotLookedFor, line.State);
    }

    [Fact]
    public void Comparison_RateBelowTheBandOfEarlierNights_IsARegression()
    {
        NightRecord[] past =
            [.. Enumerable.Range(0, RateBand.LeastNights).Select(i => Night($"n{i}", 1000 + (10 * i)))];

        Assert.Empty(RateBand.Below(past, Night("now", 1000)));
        Assert.Empty(RateBand.Below(past[1..], Night("now", 1)));
        Assert.Contains("1,000 to 1,040 in 5 nights", Assert.Single(RateBand.Below(past, Night("now", 999))));
    }

    private static NightRecord Night(string run, double rate) => new()
    {
        Run = run,
        Started = DateTimeOffset.UnixEpoch,
        Plan = "p",
        Tool = "stress 0.1.0",
        Seed = 1,
        ExitCode = 0,
        Items =
        [
            new ItemRecord(
                "hammer/a@v",
                Verdicts.NoFinding,
                true,
                1,
                new Dictionary<string, double> { ["operations/s"] = rate },
                new Dictionary<string, long>()),
        ],
    };

    private static RunSummary Run(params RunItem[] items)
        => RunSummary.Begin(DateTimeOffset.UnixEpoch, ["nightly"], 1, items.Length) with { Items = items };

    private static RunItem Found(string scenario, bool isExpected)
        => Item(scenario, Verdicts.Violation, isExpected) with
        {
            IsFindingExpected = isExpected,
            Finding = new FindingSummary
            {
                Kind = "bug",
                Text = "x",
                Task = "t",
                Signature = new BugSignature("bug", "x", ["a.lock"], ["op"]),
            },
        };

    private static RunItem Item(string scenario, string verdict, bool isAsExpected) => new()
    {
        Key = $"explore/{scenario}@v",
        Machine = "explore",
        Scenario = scenario,
        ScenarioVersion = 1,
        Variant = "v",
        Expected = "clean",
        Verdict = verdict,
        Outcome = "what came of it",
        IsAsExpected = isAsExpected,
        Seed = 1,
        ElapsedSeconds = 0.5,
        Reproduce = $"stress explore {scenario}",
    };
}
