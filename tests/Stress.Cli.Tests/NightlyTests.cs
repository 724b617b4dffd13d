using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class NightlyTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Nightly_VerdictsAsExpected_EndsWith0AndATable()
    {
        string plan = folder.Write(
            "tiny.json",
            """
            {
              "summary": "A bug, its fix, and a moment of hammering.",
              "entries": [
                { "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "v7", "replays": 3 },
                { "machine": "explore", "scenarios": "hugetlb/region-*", "expected": "clean", "schedules": 500 },
                {
                  "machine": "hammer", "scenarios": "hugetlb/region-add", "variants": "upstream-fixed",
                  "duration": "200ms"
                }
              ]
            }
            """);
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--out", folder.Location);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Contains("VM_BUG_ON(t - f <= 1)", ended.Output);
        Assert.Contains("3/3", ended.Output);
        Assert.Contains("as expected", ended.Output);
        Assert.DoesNotContain("UNEXPECTED", ended.Output);
    }

    [Fact]
    public void Nightly_BugNotFoundWithinTheBudget_EndsWith1AndSaysHowToReproduceIt()
    {
        string plan = folder.Write(
            "short.json",
            """
            {
              "entries": [
                {
                  "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "v7", "schedules": "1",
                  "seedOffset": 100
                }
              ]
            }
            """);
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--seed", "1", "--out", folder.Location);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("UNEXPECTED", ended.Output);
        Assert.Contains("Reproduce: ", ended.Output);
        Assert.Contains("explore hugetlb/region-add --variant v7 --schedules 1 --seed 101", ended.Output);
    }

    [Fact]
    public void Nightly_Json_HasAnItemForEachVariant()
    {
        string plan = folder.Write(
            "json.json",
            """
            {
              "entries": [
                { "machine": "explore", "scenarios": "hugetlb/region-add", "expected": "clean", "schedules": 50 }
              ]
            }
            """);
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--json", "--out", folder.Location);

        RunSummary summary = ResultsJson.Read(ended.Output);
        Assert.Equal(summary.Planned, summary.Items.Count);
        Assert.All(
            summary.Items.Where(item => !item.IsSelfTest), item => Assert.Equal(50, item.Explored!.Schedules));
        Assert.All(
            summary.Items.Where(item => item.IsSelfTest), item => Assert.Equal(Verdicts.Violation, item.Verdict));
        Assert.Equal(RunStates.Finished, summary.State);
    }

    [Theory]
    [InlineData("{\n  \"entries\": [\n", "line 3", "not valid JSON")]
    [InlineData("[]", "line 1", "an object is expected")]
    [InlineData("{}", "entries", "missing")]
    [InlineData("{\"entries\": []}", "entries", "missing or empty")]
    [InlineData("{\n \"entris\": []}", "line 2, entris: unknown field", "did you mean 'entries'?")]
    [InlineData("{\"entries\": [\n{ \"machine\": \"explore\",\n\"shedules\": 1 }]}", "line 3", "entries[0].shedules")]
    [InlineData("{\"entries\": [\n{ \"machine\": \"explore\",\n\"schedules\": 0 }]}", "line 3", "entries[0].schedules")]
    [InlineData("{\"entries\": [{ \"machine\": \"guess\" }]}", "entries[0].machine", "explore, hammer")]
    [InlineData("{\"entries\": [{ \"schedules\": 5 }]}", "entries[0]", "'machine' is missing")]
    [InlineData("{\"entries\": [{ \"machine\": \"hammer\" }]}", "entries[0]", "'duration'")]
    [InlineData("{\"entries\": [{ \"machine\": \"explore\", \"replays\": [] }]}", "entries[0].replays", "a number")]
    [InlineData("{\"entries\": [{ \"machine\": \"explore\", \"scenarios\": \"no/*\" }]}", "entries[0]", "'no/*'")]
    [InlineData("{\"entries\": [{ \"machine\": \"explore\", \"variants\": \"no\" }]}", "entries[0]", "'no'")]
    [InlineData(
        "{\"entries\": [{ \"machine\": \"explore\",\n\"scenarios\": \"locks/*\", \"strategy\": \"exhaustive\" }]}",
        "entries[0]",
        "real-time priority")]
    [InlineData("{\"entries\": [{ \"machine\": \"explore\" }]} x", "line 1", "not valid JSON")]
    public void Nightly_WrongPlan_SaysFileLineAndField(string plan, string where, string what)
    {
        string path = folder.Write(Path.GetRandomFileName(), plan);

        Refusal.AssertRefused(StressProcess.Run("nightly", "--plan", path), path, where, what);
    }
}
