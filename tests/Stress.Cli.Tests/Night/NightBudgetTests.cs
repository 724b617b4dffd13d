using System;
using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>A budget of time: what does not fit is cut, then put last, and named when it did not run.</summary>
public sealed class NightBudgetTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Plan =
        """
        {
          "selfTest": "locks/lock-owner",
          "entries": [
            { "machine": "hammer", "scenarios": "locks/exclusion", "expected": "clean", "duration": "30s" },
            { "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "upstream", "strategy": "exhaustive" }
          ]
        }
        """;

    [Fact]
    public void Night_WithLittleTime_ShortensThenLeavesOutAndNamesIt()
    {
        string plan = folder.Write("plan.json", Plan);
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--budget", "3s", "--out", folder.Location, "--json");

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        RunSummary night = ResultsJson.Read(ended.Output);
        NightSchedule schedule = new StoredRun(Path.Combine(folder.Location, night.Run!), night).Schedule();
        Assert.Contains(schedule.Items, item => item is { Why: "if time is left", SliceSeconds: 3 });
        Assert.NotEmpty(night.Night!.LeftOut);
        Assert.Equal(
            schedule.Items.Select(item => item.Key).Order(StringComparer.Ordinal),
            night.Items.Select(item => item.Key!).Concat(night.Night.LeftOut).Order(StringComparer.Ordinal));
        Assert.Equal(2, night.Night.SelfTests);
    }

    [Fact]
    public void DryRun_WithLittleTime_LeavesOutTheSamePartOfEachEntry()
    {
        string plan = folder.Write(
            "little.json",
            """
            {
              "selfTest": "locks/lock-owner",
              "entries": [
                { "machine": "explore", "scenarios": "vma/*", "expected": "violation" },
                { "machine": "hammer", "scenarios": "locks/*", "expected": "clean", "duration": "1m" }
              ]
            }
            """);

        Ended ended = StressProcess.Run(
            "nightly", "--plan", plan, "--budget", "2m", "--dry-run", "--out", folder.Location);

        foreach (string machine in (string[])["explore/vma/", "hammer/locks/"])
        {
            string[] items = [.. ended.Output.Split('\n').Where(line => line.Contains(machine, StringComparison.Ordinal))];
            int last = items.Count(line => line.Contains("if time is left", StringComparison.Ordinal));
            Assert.InRange(last, items.Length / 4, items.Length * 3 / 4);
        }
    }

    [Fact]
    public void DryRun_WithMuchTime_GivesSamplesAnotherRound()
    {
        Ended ended = StressProcess.Run(
            "nightly", "--plan", folder.Write("much.json", Plan), "--budget", "10m", "--dry-run", "--out", folder.Location);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("hammer/locks/exclusion@mutex#2", ended.Output);
        Assert.DoesNotContain("upstream#2", ended.Output);
    }
}
