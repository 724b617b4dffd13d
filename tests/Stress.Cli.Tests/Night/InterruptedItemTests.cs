using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>An item that has found its bug, and is interrupted before it has found it as often as asked.</summary>
public sealed class InterruptedItemTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Key = "corpus/hugetlb/region-add@v7";
    private const int PollMs = 20;
    private const int MostPolls = 5_000;

    [Fact]
    public async Task Resume_OfAnItemThatHadFoundItsBug_KeepsAndCountsTheFinding()
    {
        string results = Path.Combine(folder.Location, "nights");
        string plan = folder.Write(
            "long.json",
            """
            {
              "selfTest": "locks/lock-owner",
              "entries": [
                { "machine": "corpus", "scenarios": "hugetlb/region-add", "variants": "v7", "seeds": 1000 }
              ]
            }
            """);

        string first = await InterruptAfter(
            results, "hugetlb-region-add-v7.json",
            "nightly", "--plan", plan, "--seed", "1", "--verbose", "--out", results);
        AssertHasFinding(results, first);

        string second = await InterruptAfter(
            results, "hugetlb-region-add-v7-2.json", "nightly", "--resume", "--verbose", "--out", results);
        Assert.Contains("done before, 1 finding of what was interrupted and runs again", second);
        AssertHasFinding(results, second);
    }

    private static void AssertHasFinding(string results, string output)
    {
        StoredRun run = Assert.Single(StoredRun.All(results));
        RunItem item = Assert.Single(run.Summary.Items, item => item.Key == Key);
        Assert.Equal(Verdicts.Interrupted, item.Verdict);
        Assert.NotNull(run.Finding(item.Finding!));
        Assert.Contains("found [", output);
        Assert.DoesNotContain("UNEXPECTED", output);
    }

    // Ctrl-C as soon as a trace is there.
    private async Task<string> InterruptAfter(string results, string trace, params string[] how)
    {
        using Process process = StressProcess.Start(folder.Location, how);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        for (int i = 0; i < MostPolls && !process.HasExited && !IsThere(results, trace); i++)
        {
            Thread.Sleep(PollMs);
        }

        StressProcess.Interrupt(process);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 130, await output + await errors);
        return await output;
    }

    private static bool IsThere(string results, string trace)
        => Directory.Exists(results)
            && StoredRun.All(results).Any(run => File.Exists(Path.Combine(run.Location, "traces", trace)));
}
