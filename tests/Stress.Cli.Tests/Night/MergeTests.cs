using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class MergeTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Merge_OfAllShards_IsTheRunOfOneMachineFindingForFinding()
    {
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "plan.json"));
        string shards = Path.Combine(folder.Location, "shards");
        string whole = Path.Combine(folder.Location, "whole");
        string merged = Path.Combine(folder.Location, "merged");
        RunShards(plan, shards, 1, 2, 3);
        StressProcess.Run("nightly", "--plan", plan, "--seed", "1", "--out", whole);

        Ended first = StressProcess.Run("merge", shards, "--out", merged);
        StoredRun once = Assert.Single(StoredRun.All(merged));
        IReadOnlyList<string> findings = Findings.Of(once);
        string ledger = File.ReadAllText(Path.Combine(merged, Ledger.Name));
        Ended again = StressProcess.Run("merge", shards, "--out", merged);

        Assert.True(first.ExitCode == 0, first.Output + first.Errors);
        Assert.Equal(0, again.ExitCode);
        StoredRun one = Assert.Single(StoredRun.All(whole));
        Assert.Equal(Findings.Of(one), findings);
        Assert.Equal(findings, Findings.Of(Assert.Single(StoredRun.All(merged))));
        Assert.Equal(ledger, File.ReadAllText(Path.Combine(merged, Ledger.Name)));
        Assert.Single(NightHistory.Read(merged, once.Summary.Host).Nights);
        Assert.Equal(
            one.Summary.Night!.Ledger.Select(line => line.Id), once.Summary.Night!.Ledger.Select(line => line.Id));
        Assert.All(
            once.Summary.Items.Where(item => item.Finding is not null),
            item => Assert.Contains(once.Summary.Run!, item.Reproduce));
    }

    [Fact]
    public void Merge_WithoutOneShard_NamesItAndEndsWith3()
    {
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "part.json"));
        string shards = Path.Combine(folder.Location, "two-of-three");
        string merged = Path.Combine(folder.Location, "part");
        RunShards(plan, shards, 1, 3);

        Ended ended = StressProcess.Run("merge", shards, "--out", merged);

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("missing: shards 2;", ended.Output);
        Assert.False(File.Exists(Path.Combine(merged, Ledger.Name)));
    }

    [Fact]
    public void Merge_OfDifferentNights_IsRefused()
    {
        string one = Path.Combine(folder.Location, "mixed-1");
        string other = Path.Combine(folder.Location, "mixed-2");
        RunShards(SmallPlan.WithBug(Path.Combine(folder.Location, "mixed.json")), one, 1);
        RunShards(SmallPlan.WithoutBug(Path.Combine(folder.Location, "mixed.json")), other, 2);

        Refusal.AssertRefused(StressProcess.Run("merge", one, other), "mixed-1", "mixed-2", "the plan is not the same");

        StoredRun run = Assert.Single(StoredRun.All(other));
        File.WriteAllText(
            Path.Combine(run.Location, NightSchedule.Name),
            ResultsJson.Write(Assert.Single(StoredRun.All(one)).Schedule() with { Shard = 2 }));
        File.WriteAllText(
            Path.Combine(run.Location, RunFolder.SummaryName),
            ResultsJson.Write(run.Summary with { Commit = "another" }));
        Refusal.AssertRefused(StressProcess.Run("merge", one, other), "version or commit is not the same");
    }

    [Fact]
    public void Merge_OfOneShardTwice_IsRefusedUnlessItIsTheSameRun()
    {
        string plan = SmallPlan.WithoutBug(Path.Combine(folder.Location, "twice.json"));
        string shards = Path.Combine(folder.Location, "twice");
        RunShards(plan, shards, 1, 1);
        string first = StoredRun.All(shards).First().Location;

        Refusal.AssertRefused(StressProcess.Run("merge", shards), "shard 1 is there more than once");
        Assert.NotEqual(
            2, StressProcess.Run("merge", first, first, "--out", Path.Combine(folder.Location, "same")).ExitCode);
    }

    [Fact]
    public void Shards_OfAnyNumber_HaveEachItemOnce()
    {
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "cover.json"));
        IReadOnlyList<string> whole = Keys(plan, "1/1");
        Assert.Equal(SmallPlan.Items, whole.Count);
        string[][] parts = [.. Enumerable.Range(1, 4).Select(k => Keys(plan, $"{k}/4").ToArray())];

        Assert.Equal(whole.Order(), parts.SelectMany(part => part).Order());
        Assert.Equal(parts[1], Keys(plan, "2/4"));
    }

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=7;SLURM_ARRAY_TASK_MIN=5;SLURM_ARRAY_TASK_COUNT=4", 3, 4)]
    [InlineData("SLURM_ARRAY_TASK_ID=4;SLURM_ARRAY_TASK_MIN=0;SLURM_ARRAY_TASK_COUNT=3;SLURM_ARRAY_TASK_STEP=2", 3, 3)]
    [InlineData("JOB_COMPLETION_INDEX=0;STRESS_SHARD_COUNT=2", 1, 2)]
    public void Shard_OfABatchSystem_IsUnderstood(string environment, int shard, int shards)
    {
        NightSchedule schedule = ResultsJson.ReadSchedule(DryRun(environment).Output);

        Assert.Equal((shard, shards), (schedule.Shard, schedule.Shards));
    }

    [Theory]
    [InlineData("JOB_COMPLETION_INDEX=0", "STRESS_SHARD_COUNT", "--shard k/n")]
    [InlineData("SLURM_ARRAY_TASK_ID=7;SLURM_ARRAY_TASK_MIN=0;SLURM_ARRAY_TASK_COUNT=4", "shard 8 of 4", "--shard k/n")]
    [InlineData("JOB_COMPLETION_INDEX=x;STRESS_SHARD_COUNT=2", "'x'", "whole number")]
    public void Shard_EnvironmentThatDoesNotFit_IsRefused(string environment, string what, string how)
        => Refusal.AssertRefused(DryRun(environment), "environment", what, how);

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("2")]
    [InlineData("a/b")]
    public void Shard_WrongOption_IsRefused(string shard)
        => Refusal.AssertRefused(StressProcess.Run("nightly", "--shard", shard), "--shard", shard, "2/8");

    private static Ended DryRun(string environment)
        => StressProcess.RunWith(
            environment.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]),
            "nightly", "--dry-run", "--json");

    private static IReadOnlyList<string> Keys(string plan, string shard)
        =>
        [
            .. ResultsJson.ReadSchedule(
                StressProcess.Run("nightly", "--plan", plan, "--shard", shard, "--dry-run", "--json").Output)
                .Items.Select(item => item.Key),
        ];

    private static void RunShards(string plan, string results, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            string shard = string.Create(CultureInfo.InvariantCulture, $"{number}/3");
            StressProcess.Run("nightly", "--plan", plan, "--seed", "1", "--shard", shard, "--out", results);
        }
    }
}
