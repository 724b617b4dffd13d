using System.IO;
using System.Linq;
using Stress.Exploration;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class ShrinkTests(RecordedTrace recorded, TemporaryFolder folder)
    : IClassFixture<RecordedTrace>, IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Explore_NoShrink_IsShrunkLaterToTheSame()
    {
        Ended explored = StressProcess.RunIn(
            folder.Location, "explore", "hugetlb/region-add", "--variant", "v7", "--seed", "5", "--no-shrink");
        string plain = TraceIn(Path.Combine(folder.Location, "results"));
        string results = Path.Combine(folder.Location, "shrunk");

        Ended ended = StressProcess.Run("shrink", plain, "--out", results);

        Assert.DoesNotContain("shrunk  ", explored.Output);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("VM_BUG_ON(t - f <= 1)", ended.Output);
        Assert.Contains("shrunk     3 tasks", ended.Output);
        Assert.Contains("2 preemptions", ended.Output);
        Assert.Contains("decides    ", ended.Output);
        Assert.Contains("reproduced 10/10", ended.Output);
        Assert.Equal(Trace.Load(recorded.Trace).Checksum, Trace.Load(TraceIn(results)).Checksum);
    }

    [Fact]
    public void Shrink_ShrunkAlready_HasNothingToLeaveOut()
    {
        Ended ended = StressProcess.Run("shrink", recorded.Trace, "--out", Path.Combine(folder.Location, "again"));

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("shrunk     nothing to leave out: 3 tasks", ended.Output);
    }

    [Fact]
    public void Shrink_Json_SaysWhatItWasAndWhatItIs()
    {
        Ended ended = StressProcess.Run(
            "shrink", recorded.Trace, "--json", "--out", Path.Combine(folder.Location, "json"));

        RunItem item = ResultsJson.Read(ended.Output).Items.Single();
        Assert.Equal(("shrink", Verdicts.Reproduced), (item.Machine, item.Verdict));
        Assert.Equal(item.Finding!.Shrunk!.Before, item.Finding.Shrunk.After);
        Assert.NotNull(item.Finding.Decides);
    }

    [Fact]
    public void Explore_Json_SaysWhatItWasShrunkFrom()
    {
        ShrunkSizes sizes = recorded.Summary.Items.Single().Finding!.Shrunk!;

        Assert.InRange(sizes.After.Preemptions, 0, sizes.Before.Preemptions - 1);
    }

    [Fact]
    public void Shrink_RecordedHashChanged_IsNotReproduced()
    {
        string path = recorded.Write("other-hash.json", trace => trace with { Hash = "0000000000000000" });

        Ended ended = StressProcess.Run("shrink", path, "--out", Path.Combine(folder.Location, "hash"));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("not reproduced: its hash is", ended.Output);
    }

    [Fact]
    public void Shrink_OfAnotherVariant_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("shrink", recorded.Trace, "--variant", "upstream"), "variant 'v7'", "upstream");

    [Fact]
    public void Shrink_TraceOfAnotherScenarioVersion_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("shrink", recorded.Write("old.json", trace => trace with { ScenarioVersion = 999 })),
            "version 999");

    [Fact]
    public void Shrink_LimitsOfOtherTasks_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("shrink", recorded.Write("limits.json", trace => trace with { OperationLimits = [1, 1] })),
            "operation limits [1, 1] do not fit its 3 tasks");

    [Fact]
    public void Shrink_NoTraceAtAll_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("shrink", recorded.Write("no-trace.json", "{\"hello\": 1}")), "no-trace.json");

    private static string TraceIn(string results)
        => Path.Combine(Directory.GetDirectories(results, "20*").Single(), "traces", "hugetlb-region-add-v7.json");
}
