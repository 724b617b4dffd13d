using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class ExploreTests(RecordedTrace recorded, TemporaryFolder folder)
    : IClassFixture<RecordedTrace>, IClassFixture<TemporaryFolder>
{
    private const string Bug = "VM_BUG_ON(t - f <= 1)";

    [Fact]
    public void Explore_WrongVariant_TellsTheStoryAndHowToReproduceIt()
    {
        Ended ended = recorded.Explored;

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"bug: {Bug}", ended.Output);
        Assert.Contains("reproduced 10/10", ended.Output);
        Assert.Contains("region_add", ended.Output);
        Assert.Contains("Reproduce: ", ended.Output);
        Assert.Contains($"replay {recorded.Trace}", ended.Output);
        Assert.Empty(ended.ErrorLines);
    }

    [Fact]
    public void Explore_WrongVariant_LeavesSummaryTraceAndStory()
    {
        RunSummary summary = recorded.Summary;

        RunItem item = Assert.Single(summary.Items);
        Assert.Equal(RunStates.Finished, summary.State);
        Assert.Equal(1, summary.ExitCode);
        Assert.Equal(5ul, item.Seed);
        Assert.Equal(Verdicts.Violation, item.Verdict);
        Assert.True(item.IsAsExpected);
        Assert.Equal(Bug, item.Finding!.Text);
        Assert.Equal(item.Finding.Schedule, item.Explored!.Schedules);
        Assert.True(File.Exists(Path.Combine(recorded.RunFolder, item.Finding.Story!)));
        Assert.Contains(Bug, File.ReadAllText(Path.Combine(recorded.RunFolder, item.Finding.StoryPage!)).Replace(
            "&lt;", "<", System.StringComparison.Ordinal));
        string latest = Path.Combine(Path.GetDirectoryName(recorded.RunFolder)!, "latest", "summary.json");
        Assert.Equal(summary.Run, ResultsJson.Read(File.ReadAllText(latest)).Run);
    }

    [Fact]
    public void Explore_SameSeedInAnotherProcess_FindsTheSameExecution()
    {
        Ended ended = StressProcess.Run(
            "explore", "hugetlb/region-add", "--variant", "v7", "--seed", "5", "--workers", "1", "--json",
            "--out", folder.Location);

        RunItem again = Assert.Single(ResultsJson.Read(ended.Output).Items);
        RunItem first = Assert.Single(recorded.Summary.Items);
        Assert.Equal(first.Finding!.Hash, again.Finding!.Hash);
        Assert.Equal(first.Finding.Schedule, again.Finding.Schedule);
        Assert.Equal(recorded.Text, File.ReadAllText(
            Path.Combine(folder.Location, ResultsJson.Read(ended.Output).Run!, again.Finding.Trace!)));
    }

    [Fact]
    public void Explore_CorrectVariant_SaysWhatWasCovered()
    {
        Ended ended = StressProcess.Run(
            "explore", "hugetlb/region-add", "--variant", "upstream", "--schedules", "2000", "--out", folder.Location);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("sampled: 2,000 schedules, ", ended.Output);
        Assert.Contains(" distinct, at least ", ended.Output);
    }

    [Fact]
    public void Explore_Twice_NeverOverwritesARun()
    {
        string results = Path.Combine(folder.Location, "two");
        string[] command = ["explore", "hugetlb/region-add", "--schedules", "10", "--out", results];
        StressProcess.Run(command);
        StressProcess.Run(command);

        Assert.Equal(2, Directory.GetDirectories(results, "20*").Length);
    }

    [Fact]
    public void Explore_JsonToAPipe_WritesNothingElse()
    {
        Ended ended = StressProcess.Run(
            "explore", "hugetlb/region-add", "--schedules", "100", "--json", "--out", folder.Location);

        RunSummary summary = ResultsJson.Read(ended.Output);
        Assert.Equal(100, summary.Items.Single().Explored!.Schedules);
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public void Explore_ScenarioWithOutcomes_PrintsTheirTable()
    {
        Ended ended = StressProcess.Run(
            "explore", "litmus/sb", "--variant", "mb", "--schedules", "500", "--out", folder.Location);

        Assert.Equal(0, ended.ExitCode);
        string[] lines = [.. ended.Output.Split('\n').Select(line => line.TrimEnd())];
        Assert.Contains("outcome    count  share  grade      meaning", lines);
        Assert.Contains(
            "r0=0 r1=0      0   0.0%  forbidden  each reads before the other's write arrives", lines);
    }

    [Fact]
    public void Explore_ScenarioWithOutcomes_KeepsThemInTheSummary()
    {
        Ended ended = StressProcess.Run(
            "explore", "litmus/sb", "--schedules", "500", "--json", "--out", folder.Location);

        RunItem item = Assert.Single(ResultsJson.Read(ended.Output).Items);
        Assert.Equal(["r0=0 r1=0", "r0=0 r1=1", "r0=1 r1=0", "r0=1 r1=1"], item.Outcomes!.Select(row => row.Outcome));
        Assert.Equal("interesting", item.Outcomes![0].Grade);
        Assert.Equal(500, item.Outcomes!.Sum(row => row.Count));
    }
}
