using System;
using System.IO;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>The report that a night leaves, and the command that makes it again.</summary>
public sealed class ReportCommandTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Name = "report.html";

    [Fact]
    public void Report_OfANight_IsWhatTheNightWrote()
    {
        string nights = Path.Combine(folder.Location, "nights");
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "plan.json"));
        Ended night = StressProcess.Run("nightly", "--plan", plan, "--out", nights);
        string written = Path.Combine(nights, "latest", Name);
        string again = Path.Combine(folder.Location, "again.html");

        Ended ended = StressProcess.Run("report", "latest", "--out", nights, "--to", again);

        Assert.Equal(0, night.ExitCode);
        Assert.Contains(Name, night.Output);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(File.ReadAllText(written), File.ReadAllText(again));
        Assert.Contains("<p class=\"word\">Green</p>", File.ReadAllText(again), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfAnExploration_TellsOfIt()
    {
        string runs = Path.Combine(folder.Location, "runs");
        StressProcess.Run("explore", "hugetlb/region-add", "--variant", "v7", "--schedules", "20000", "--out", runs);

        Ended ended = StressProcess.Run("report", "latest", "--out", runs);

        Assert.Equal(0, ended.ExitCode);
        string page = File.ReadAllText(Path.Combine(runs, "latest", Name));
        Assert.Contains("explore hugetlb/region-add v7</h3>", page, StringComparison.Ordinal);
        Assert.Contains("What decides it: first: locks resv_map.lock of resv", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NoSuchRun_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("report", "20260101-000000-nobody", "--out", folder.Location), "20260101-000000-nobody");

    [Fact]
    public void Report_WithoutARun_IsRefused()
        => Refusal.AssertRefused(StressProcess.Run("report"), "report takes one run");

    [Fact]
    public void Report_OfASummaryThatWasCutOff_NamesItsLine()
    {
        string run = Directory.CreateDirectory(Path.Combine(folder.Location, "cut")).FullName;
        File.WriteAllText(Path.Combine(run, RunFolder.SummaryName), "{\n  \"schema\": 1,\n");

        Refusal.AssertRefused(StressProcess.Run("report", run), RunFolder.SummaryName, "line 3");
    }

    [Fact]
    public void Report_ToAFolderThatIsNotThere_IsRefused()
    {
        string run = Directory.CreateDirectory(Path.Combine(folder.Location, "whole")).FullName;
        File.WriteAllText(
            Path.Combine(run, RunFolder.SummaryName),
            ResultsJson.Write(RunSummary.Begin(DateTimeOffset.UnixEpoch, ["explore"], 1, 0)));

        Refusal.AssertRefused(
            StressProcess.Run("report", run, "--to", Path.Combine(folder.Location, "none", "a.html")), "--to");
    }
}
