using System;
using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class ReplayTests(RecordedTrace recorded) : IClassFixture<RecordedTrace>
{
    [Fact]
    public void Replay_FromAnotherFolder_ReproducesEveryTime()
    {
        Ended ended = StressProcess.RunIn(Path.GetTempPath(), "replay", recorded.Trace, "--times", "20");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("reproduced 20/20", ended.Output);
        Assert.Contains("VM_BUG_ON(t - f <= 1)", ended.Output);
        Assert.Empty(ended.ErrorLines);
    }

    [Fact]
    public void Replay_Verbose_TellsEveryAccessWithItsOrder()
    {
        Ended brief = StressProcess.Run("replay", recorded.Trace, "--times", "1");
        Ended verbose = StressProcess.Run("replay", recorded.Trace, "--times", "1", "--verbose");

        Assert.DoesNotContain("[plain]", brief.Output);
        Assert.Contains("[plain]", verbose.Output);
    }

    [Fact]
    public void Replay_WithAFolder_LeavesTheStoryAndItsPage()
    {
        string parent = Path.Combine(Path.GetDirectoryName(recorded.Trace)!, "again");

        Ended ended = StressProcess.Run("replay", recorded.Trace, "--times", "1", "--out", parent, "--json");

        RunSummary summary = ResultsJson.Read(ended.Output);
        FindingSummary finding = summary.Items.Single().Finding!;
        Assert.True(File.Exists(Path.Combine(parent, summary.Run!, finding.Story!)));
        Assert.True(File.Exists(Path.Combine(parent, summary.Run!, finding.StoryPage!)));
    }

    [Fact]
    public void Replay_Json_CountsTheReplays()
    {
        Ended ended = StressProcess.Run("replay", recorded.Trace, "--times", "250", "--variant", "v7", "--json");

        RunItem item = ResultsJson.Read(ended.Output).Items.Single();
        Assert.Equal(Verdicts.Reproduced, item.Verdict);
        Assert.Equal(new ReplayFigures(250, 250, null), item.Replayed);
    }

    [Fact]
    public void Replay_RecordedHashChanged_SaysThatItDiverged()
    {
        string path = recorded.Write("hash.json", trace => trace with { Hash = "0000000000000000" });

        Ended ended = StressProcess.Run("replay", path);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("reproduced 0/10", ended.Output);
        Assert.Contains("diverged", ended.Output);
    }

    [Fact]
    public void Replay_DecisionsThatCannotBe_IsNotReproduced()
    {
        string path = recorded.Write("decisions.json", trace => trace with { Decisions = [99, -1, 7] });

        Ended ended = StressProcess.Run("replay", path);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("reproduced 0/10", ended.Output);
        Assert.Empty(ended.ErrorLines);
    }

    [Fact]
    public void Replay_OfAnotherVariant_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("replay", recorded.Trace, "--variant", "upstream"), "variant 'v7'", "upstream");

    [Fact]
    public void Replay_TruncatedTrace_IsRefused()
        => Refuse("truncated.json", text => text[..(text.Length / 2)], "truncated.json");

    [Fact]
    public void Replay_EmptyFile_IsRefused() => Refuse("empty.json", _ => "", "empty.json");

    [Fact]
    public void Replay_NoTraceAtAll_IsRefused() => Refuse("garbled.json", _ => "\0\u0001garbled\n{", "garbled.json");

    [Fact]
    public void Replay_OtherJson_IsRefused() => Refuse("other.json", _ => "{\"hello\": 1}", "other.json");

    [Fact]
    public void Replay_Folder_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("replay", Path.GetDirectoryName(recorded.Trace)!), "there is no trace");

    [Fact]
    public void Replay_TraceOfAnotherScenarioVersion_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("replay", recorded.Write("version.json", trace => trace with { ScenarioVersion = 999 })),
            "version 999");

    [Fact]
    public void Replay_TraceOfAnUnknownScenario_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run(
                "replay", recorded.Write("unknown.json", trace => trace with { Scenario = "hugetlb/region-abor" })),
            "did you mean 'hugetlb/region-abort'?");

    [Fact]
    public void Replay_TraceRenamedToAnotherVariant_IsRefused()
        => Refuse(
            "renamed.json",
            text => text.Replace("\"variant\": \"v7\"", "\"variant\": \"upstream\"", StringComparison.Ordinal),
            "was changed after it was recorded");

    private void Refuse(string name, Func<string, string> spoil, string part)
        => Refusal.AssertRefused(StressProcess.Run("replay", recorded.Write(name, spoil(recorded.Text))), part);
}
