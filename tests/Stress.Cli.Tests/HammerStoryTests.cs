using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>What real threads find is left as a trace that replays.</summary>
public sealed class HammerStoryTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    // Real threads lose an update here within moments, and the explored program loses the same one.
    private static readonly string[] s_bug =
        ["hammer", "hugetlb/rsvd-uncharge", "--variant", "unlocked", "--duration", "60s", "--perturb", "0.02"];

    [Fact]
    public void Hammer_Violation_LeavesATraceThatReplays()
    {
        string results = Path.Combine(folder.Location, "told");
        Ended ended = StressProcess.Run([.. s_bug, "--json", "--out", results]);

        Assert.True(ended.ExitCode == 1, ended.Output + ended.Errors);
        RunItem item = ResultsJson.Read(ended.Output).Items.Single(item => !item.IsSelfTest);
        Assert.Equal("invariant", item.Finding!.Kind);
        Assert.NotEmpty(item.Hammered!.Tails!);
        Assert.All(item.Hammered.Tails!, tail => Assert.NotEmpty(tail.Operations));
        Assert.True(item.Story!.IsSame, item.Story.Outcome);
        Assert.Equal(item.Finding.Text, item.Story.Finding!.Text);
        Assert.Equal(item.Story.Finding.Trace, item.Finding.Trace);
        Assert.Contains("replay ", item.Reproduce, System.StringComparison.Ordinal);

        string run = Path.Combine(results, "latest");
        Assert.Contains("last operations", File.ReadAllText(Path.Combine(run, item.Finding.Story!)));
        Assert.Contains(item.Finding.Text, File.ReadAllText(Path.Combine(run, item.Story.Finding.StoryPage!)));
        Ended replayed = StressProcess.Run(
            "replay", Path.Combine(run, item.Finding.Trace!), "--times", "3", "--out", results);
        Assert.True(replayed.ExitCode == 0, replayed.Output + replayed.Errors);
    }

    [Fact]
    public void Hammer_ViolationWithNoStory_DoesNotExplore()
    {
        Ended ended = StressProcess.Run([.. s_bug, "--no-story", "--out", folder.Location]);

        Assert.True(ended.ExitCode == 1, ended.Output + ended.Errors);
        Assert.Contains("last       ", ended.Output);
        Assert.DoesNotContain("explored   ", ended.Output);
        Assert.Contains("explore hugetlb/rsvd-uncharge --variant unlocked", ended.Output);
        Assert.Contains("--no-story", ended.Output);
    }

    [Fact]
    public void Nightly_HammeredViolation_IsReplayed()
    {
        string plan = folder.Write(
            "hammer.json",
            """
            {
              "entries": [
                {
                  "machine": "hammer", "scenarios": "locks/order", "variants": "opposite", "duration": "1s",
                  "replays": 3
                }
              ]
            }
            """);
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--json", "--out", folder.Location);

        RunItem item = ResultsJson.Read(ended.Output).Items.Single(item => !item.IsSelfTest);
        Assert.True(item.Finding!.Kind is "hang" or "lock-order", item.Outcome);
        Assert.True(item.Story!.IsSame, item.Story.Outcome);
        Assert.Equal(3, item.Replayed!.Times);
        Assert.Equal(3, item.Replayed.Matched);
    }
}
