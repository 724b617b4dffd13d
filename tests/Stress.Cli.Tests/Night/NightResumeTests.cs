using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Stress.Machine;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class NightResumeTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const int Kills = 20;
    private const int Seed = 4711;
    private const int MostRounds = 200;

    [Fact]
    public async Task Resume_AfterKillAt20RandomMoments_LosesNothingThatWasPrintedAndRepeatsNothing()
    {
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "killed.json"));
        string whole = Path.Combine(folder.Location, "whole");
        string killed = Path.Combine(folder.Location, "killed");
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, StressProcess.Run("nightly", "--plan", plan, "--seed", "1", "--out", whole).ExitCode);
        double wholeMs = clock.Elapsed.TotalMilliseconds;

        // Of when a process is killed nothing depends but what this test can find.
        var random = new Xoshiro256(Seed);
        var printed = new HashSet<string>();
        int kills = 0;
        bool isFinished = false;
        for (int round = 0; kills < Kills; round++)
        {
            Assert.True(round < MostRounds, $"only {kills} kills in {round} rounds");
            isFinished &= Directory.Exists(killed);
            string[] how = Directory.Exists(killed) && !isFinished
                ? ["nightly", "--resume", "--verbose", "--out", killed]
                : ["nightly", "--plan", plan, "--seed", "1", "--verbose", "--out", killed];
            using Process process = StressProcess.Start(folder.Location, how);
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit((int)(random.Next() % 1000 * wholeMs / 1000)))
            {
                process.Kill();
                await process.WaitForExitAsync();
                kills++;
            }

            printed.UnionWith(PrintedKeys(await output));
            await errors;
            StoredRun? newest = Newest(killed);
            if (newest is null)
            {
                Assert.Empty(printed);
                continue;
            }

            AssertReadable(newest);
            Assert.Superset(printed, newest.Summary.Items.Select(item => item.Key!).ToHashSet());
            isFinished = newest.Summary.State == RunStates.Finished;
            if (isFinished)
            {
                printed.Clear();
            }
        }

        if (!isFinished)
        {
            Ended ended = StressProcess.Run("nightly", "--resume", "--out", killed);
            Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        }

        Assert.Equal(Findings.Of(Newest(whole)!), Findings.Of(Newest(killed)!));
        Assert.Equal(SmallPlan.Items, Newest(killed)!.Summary.Items.Count);
        Assert.Empty(Directory.GetFiles(Newest(killed)!.Location, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Resume_OfANightAtItsEnd_RunsNothing()
    {
        string results = Path.Combine(folder.Location, "ended");
        string plan = SmallPlan.WithoutBug(Path.Combine(folder.Location, "ended.json"));
        Assert.Equal(1, StressProcess.Run("nightly", "--plan", plan, "--out", results).ExitCode);

        Ended ended = StressProcess.Run("nightly", "--resume", "--out", results);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("nothing to resume", ended.Output);
        Assert.Single(StoredRun.All(results));
    }

    [Theory]
    [InlineData("--resume --plan quick", "leave --plan out", "--resume")]
    [InlineData("--resume --seed 3", "leave --seed out", "--resume")]
    [InlineData("--resume no-such-night", "there is no run", "no-such-night")]
    [InlineData("--resume", "there is no night in", "--resume")]
    public void Resume_WrongArguments_IsRefused(string arguments, string what, string where)
        => Refusal.AssertRefused(
            StressProcess.Run(
                ["nightly", .. arguments.Split(' '), "--out", Path.Combine(folder.Location, "empty")]),
            what,
            where);

    [Fact]
    public void Resume_OfAnotherBuild_IsRefused()
    {
        StoredRun run = Night("other-build", "other");
        File.WriteAllText(
            Path.Combine(run.Location, RunFolder.SummaryName),
            ResultsJson.Write(run.Summary with { State = RunStates.Running, Tool = "stress 0.0.1", Night = null }));

        Refusal.AssertRefused(
            StressProcess.Run("nightly", "--resume", run.Location), "stress 0.0.1", "begin another night");
    }

    [Fact]
    public void Resume_SummaryThatWasCutOff_IsRefusedWithItsLine()
    {
        StoredRun run = Night("cut-off", "cut");
        string path = Path.Combine(run.Location, RunFolder.SummaryName);
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text[..(text.Length / 2)]);

        Refusal.AssertRefused(StressProcess.Run("nightly", "--resume", run.Location), path, "line", "cut off");
        Assert.Equal(text[..(text.Length / 2)], File.ReadAllText(path));
    }

    [Fact]
    public void Nightly_ResultsThatCannotBeWritten_EndsWith3AndKeepsWhatThereIs()
    {
        string results = Path.Combine(folder.Location, "read-only");
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "read-only.json"));
        Directory.CreateDirectory(results);

        // A file where the folder of the history belongs.
        File.WriteAllText(Path.Combine(results, NightHistory.FolderName), "in the way");
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--out", results);

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("results cannot be written", Assert.Single(ended.ErrorLines));
        Assert.Contains("nightly --resume", ended.Errors);
        Assert.Equal(SmallPlan.Items, Newest(results)!.Summary.Items.Count);

        File.Delete(Path.Combine(results, NightHistory.FolderName));
        Assert.Equal(0, StressProcess.Run("nightly", "--resume", "--out", results).ExitCode);
        Assert.Single(NightHistory.Read(results, HostDescription.Current).Nights);
    }

    private static void AssertReadable(StoredRun run)
    {
        Assert.Equal(SmallPlan.Items, run.Schedule().Items.Count);
        Assert.Equal(run.Summary.Items.Count, run.Summary.Items.DistinctBy(item => item.Key).Count());
        Assert.All(run.Summary.Items.SelectMany(item => item.Files), file => Assert.True(
            new FileInfo(Path.Combine(run.Location, file)).Length > 0, file));
        Assert.All(
            run.Summary.Items.SelectMany(item => item.Findings), finding => Assert.NotNull(run.Finding(finding)));
        run.LockOrder();
    }

    private StoredRun Night(string results, string plan)
    {
        string location = Path.Combine(folder.Location, results);
        StressProcess.Run(
            "nightly", "--plan", SmallPlan.WithoutBug(Path.Combine(folder.Location, plan + ".json")),
            "--out", location);
        return Newest(location)!;
    }

    private static StoredRun? Newest(string results) => StoredRun.All(results).LastOrDefault(run => run.IsNight);

    // "found [2/9] explore/hugetlb/region-add@v7: bug: ..."
    private static IEnumerable<string> PrintedKeys(string output)
        => output.Split('\n')
            .Where(line => line.StartsWith("found [", StringComparison.Ordinal) && line.Contains("Reproduce"))
            .Select(line => line.Split(' ')[2].TrimEnd(':'));
}
