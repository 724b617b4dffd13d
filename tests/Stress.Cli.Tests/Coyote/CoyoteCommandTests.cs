#if WITH_COYOTE
using System;
using System.IO;
using System.Linq;
using Stress.Exploration;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests.Coyote;

/// <summary>The commands with <c>--engine coyote</c>.</summary>
public sealed class CoyoteCommandTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Explore_WrongVariant_LeavesOneTraceThatReplays()
    {
        string results = Path.Combine(folder.Location, "wrong");
        Ended explored = StressProcess.Run(
            "explore", "hugetlb/region-add", "--variant", "v7", "--engine", "coyote", "--out", results);
        Assert.Equal(1, explored.ExitCode);
        Assert.Contains("VM_BUG_ON(t - f <= 1)", explored.Output, StringComparison.Ordinal);
        Assert.Contains("reproduced 10/10", explored.Output, StringComparison.Ordinal);
        Assert.Empty(explored.ErrorLines);

        string run = Directory.GetDirectories(results, "20*").Single();
        string trace = Directory.GetFiles(Path.Combine(run, "traces")).Single();
        Assert.Equal("coyote", Trace.Load(trace).Engine);
        Assert.Equal(
            "coyote", ResultsJson.Read(File.ReadAllText(Path.Combine(run, "summary.json"))).Items.Single().Engine);

        Ended replayed = StressProcess.Run("replay", trace, "--times", "3");
        Assert.Equal(0, replayed.ExitCode);
        Assert.Contains("reproduced 3/3", replayed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_RightVariant_EndsWith0()
    {
        Ended ended = StressProcess.Run(
            "explore", "locks/order", "--engine", "coyote", "--schedules", "20", "--out", folder.Location);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("sampled: 20 schedules, ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Corpus_BothEngines_PrintsATableOfBoth()
    {
        Ended ended = StressProcess.Run(
            "corpus", "--engine", "both", "--filter", "locks/order@*", "--seeds", "2", "--twin-schedules", "20",
            "--out", folder.Location);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        string line = Assert.Single(ended.Output.Split('\n'), row => row.StartsWith("agree", StringComparison.Ordinal));
        Assert.Contains("locks/order@opposite", line, StringComparison.Ordinal);
        Assert.Equal(2, line.Split("2/2").Length - 1);
        Assert.Contains("both engines find 1 of 1 bugs", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Corpus_BudgetTooSmallForCoyote_SaysWhatItDoesNotReach()
    {
        Ended ended = StressProcess.Run(
            "corpus", "--engine", "both", "--filter", "vma/fault-vs-mprotect@vma-unlocked", "--seeds", "1",
            "--twin-schedules", "5", "--schedules", "1", "--out", folder.Location);

        Assert.Contains(
            "not reached by coyote: vma/fault-vs-mprotect@vma-unlocked", ended.Output, StringComparison.Ordinal);
    }
}
#endif
