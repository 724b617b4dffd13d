using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Stress.Cli.Tests.Results;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class BenchTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Bench_FewIterations_LeavesTimesOfEachLayoutAndTheExports()
    {
        Ended ended = StressProcess.Run(
            "bench", "--filter", "VmaReadLock", "--layouts", "stock,refcount", "--threads", "1", "--passes", "3",
            "--iterations", "4", "--out", folder.Location, "--json");

        Assert.True(ended.ExitCode == 0, ended.Errors + ended.Output);
        using var summary = JsonDocument.Parse(ended.Output);
        JsonElement[] items =
        [
            .. summary.RootElement.GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("scenario").GetString()!
                    .StartsWith("VmaReadLock.", StringComparison.Ordinal)),
        ];
        Assert.Equal(["stock", "refcount"], items.Select(item => item.GetProperty("variant").GetString()!));
        Assert.All(items, item => Assert.Equal(12, item.GetProperty("timed").GetProperty("iterations").GetInt32()));
        Assert.True(items[1].GetProperty("timed").TryGetProperty("ratio", out JsonElement ratio));
        Assert.True(ratio.GetProperty("low").GetDouble() <= ratio.GetProperty("high").GetDouble());
        string run = summary.RootElement.GetProperty("folder").GetString()!;
        Assert.Equal(3, BenchmarkFile.Load(run).Series[0].Passes.Count);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "bench", "results"), "*-report-github.md"));
    }

    [Fact]
    public void Bench_LayoutOfAnAssembly_IsTimedBesideTheOthers()
    {
        Ended ended = StressProcess.Run(
            "bench", "--filter", "FaultPath", "--layouts", "stock,rear-lock", "--threads", "1", "--passes", "2",
            "--iterations", "2", "--assembly", Repository.OwnLayouts, "--out", folder.Location,
            "--json");

        Assert.True(ended.ExitCode == 0, ended.Errors + ended.Output);
        using var summary = JsonDocument.Parse(ended.Output);
        Assert.Equal(
            ["stock", "rear-lock"],
            summary.RootElement.GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("variant").GetString()!));
    }

    [Fact]
    public void Bench_UnknownFilter_IsRefusedBeforeTheRun()
    {
        string parent = Path.Combine(folder.Location, "unknown-filter");

        Ended ended = StressProcess.Run(
            "bench", "--no-build", "--filter", "nothing-like-it", "--out", parent);

        Refusal.AssertRefused(ended, "--filter: no benchmark matches 'nothing-like-it'", "--list");
        Assert.False(Directory.Exists(parent));
    }

    [Theory]
    [InlineData("{ \"schema\": 1, ", "damaged at line")]
    [InlineData("{ \"schema\": 99, \"series\": [], \"host\": null }", "schema 99, this tool reads 1")]
    [InlineData("[]", "damaged at line 1")]
    public void Bench_DamagedBaseline_IsRefusedWithFileAndReason(string text, string reason)
    {
        string run = Directory.CreateTempSubdirectory("run-").FullName;
        Directory.CreateDirectory(Path.Combine(run, "bench"));
        File.WriteAllText(Path.Combine(run, BenchmarkFile.Name), text);

        Ended ended = StressProcess.Run("bench", "--baseline", run);

        Refusal.AssertRefused(ended, "--baseline: ", "bench.json", reason);
        Directory.Delete(run, recursive: true);
    }

    [Fact]
    public void Bench_BaselineThatTimedNothing_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("bench", "--baseline", folder.Location), "timed nothing", BenchmarkFile.Name);

    [Fact]
    public void BenchmarkFile_WrittenAndRead_IsTheSame()
    {
        BenchmarkFile file = Timed.File(Timed.Series(seed: 1, level: 100)) with
        {
            Simulated = [new SimulatedCounts("vma/anon-fault", "stock", 2, "abc", 1, 2, 3, 4, 5)],
            Predicted = [new PredictedTime("stock", 2, 1, 2, new RatioEstimate(1.1, 1, 1.2), 1.3, 0.05)],
        };

        BenchmarkFile read = ResultsJson.ReadBenchmarks(ResultsJson.Write(file));

        Assert.Equal(ResultsJson.Write(file), ResultsJson.Write(read));
        Assert.False(read.Predicted[0].IsWithin);
    }

    [Theory]
    [InlineData(1.19, true, true)]
    [InlineData(1.25, false, true)]
    [InlineData(0.93, false, true)]
    [InlineData(1.33, false, false)]
    [InlineData(0.9, false, false)]
    public void Predicted_BesideTheInterval_IsNoiseOrWrong(double ratio, bool isWithin, bool isWithinNoise)
    {
        var predicted = new PredictedTime("lock-first", 2, 1, 2, new RatioEstimate(1.1, 1, 1.2), ratio, 0.1);

        Assert.Equal(isWithin, predicted.IsWithin);
        Assert.Equal(isWithinNoise, predicted.IsWithinNoise);
    }
}
