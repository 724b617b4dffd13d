using System;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class CorpusTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Corpus_BugFoundByEverySeedAndTwinClean_EndsWith0AndAKillTable()
    {
        Ended ended = StressProcess.Run(
            "corpus", "--filter", "hugetlb/region-add", "--seeds", "3", "--twin-schedules", "500", "--out",
            folder.Location);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Contains("hugetlb-add-eats-others-descriptors", ended.Output, StringComparison.Ordinal);
        Assert.Contains("3/3", ended.Output, StringComparison.Ordinal);
        Assert.Contains("20/20", ended.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 bugs found by every seed", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Corpus_BudgetTooSmall_EndsWith1AndNamesTheBug()
    {
        Ended ended = StressProcess.Run(
            "corpus", "--filter", "hugetlb-add-eats-*", "--seeds", "2", "--schedules", "1", "--twin-schedules", "1",
            "--out", folder.Location);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            "UNEXPECTED hugetlb-add-eats-others-descriptors (hugetlb/region-add, variant v7)",
            ended.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Corpus_Json_HasTheFiguresOfEachBug()
    {
        Ended ended = StressProcess.Run(
            "corpus", "--filter", "vma-no-recheck*", "--seeds", "3", "--replays", "7", "--twin-schedules", "200",
            "--json", "--out", folder.Location);

        RunItem item = ResultsJson.Read(ended.Output).Items[0];
        Assert.Equal("corpus", item.Machine);
        KillFigures killed = item.Killed!;
        Assert.Equal(("vma-no-recheck-after-trylock", "invariant"), (killed.Bug, killed.Kind));
        Assert.Equal((3, 3, 3), (killed.Found, killed.Seeds, killed.Schedules.Count));
        Assert.Equal(killed.Schedules.Order().ElementAt(1), killed.MedianSchedules);
        Assert.Equal((200L, null), (killed.TwinSchedules, killed.TwinFinding));
        Assert.Equal(new ReplayFigures(7, 7, null), item.Replayed);
    }

    [Fact]
    public void Corpus_NoSuchBug_IsRefusedWithTheNearest()
        => Refusal.AssertRefused(
            StressProcess.Run("corpus", "--filter", "vma-seq-wrap"), "no bug matches", "vma-seq-wraps");

    [Fact]
    public void List_Bugs_SaysHowToWatchEach()
    {
        Ended ended = StressProcess.Run("list", "--bugs");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("vma-up-read-outside-rcu: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("-- explore vma/end-read-after-free --variant outside-rcu", ended.Output, StringComparison.Ordinal);
    }
}
