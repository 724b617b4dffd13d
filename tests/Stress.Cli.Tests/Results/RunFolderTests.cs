using System;
using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests.Results;

public sealed class RunFolderTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private static readonly DateTimeOffset s_started = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Create_ManyAtTheSameTime_AreAllDifferent()
    {
        string[] names = [.. Enumerable.Range(0, 50).AsParallel()
            .Select(_ => RunFolder.Create(Path.Combine(folder.Location, "many"), s_started).Name)];

        Assert.Equal(50, names.Distinct().Count());
        Assert.All(names, name => Assert.StartsWith("20260102-030405-", name));
    }

    [Fact]
    public void NewFile_SameTitleTwice_AreTwoFiles()
    {
        RunFolder run = RunFolder.Create(folder.Location, s_started);

        Assert.Equal("traces/a-b.json", run.NewFile("traces", "a/b", ".json"));
        Assert.Equal("traces/a-b-2.json", run.NewFile("traces", "a/b", ".json"));
    }

    [Fact]
    public void Recorder_BeforeTheEnd_HasWrittenWhatThereIs()
    {
        var recorder = RunRecorder.Begin(
            folder.Location, RunSummary.Begin(s_started, ["nightly"], seed: ulong.MaxValue, planned: 2));
        RunFolder run = recorder.Folder!;
        recorder.Add(Item("a"));

        RunSummary written = ResultsJson.Read(File.ReadAllText(Path.Combine(run.Location, "summary.json")));
        Assert.Equal(RunStates.Running, written.State);
        Assert.Equal(2, written.Planned);
        Assert.Equal(ulong.MaxValue, written.Seed);
        Assert.Equal(Item("a"), Assert.Single(written.Items));
        Assert.Empty(Directory.GetFiles(run.Location, "*.tmp"));
    }

    [Fact]
    public void Recorder_ItemsThatMayWait_AreThereWithTheNextOneAndAtTheEnd()
    {
        var recorder = RunRecorder.Begin(
            folder.Location, RunSummary.Begin(s_started, ["nightly"], seed: 1, planned: 400));
        string summary = Path.Combine(recorder.Folder!.Location, "summary.json");
        for (int i = 0; i < 200; i++)
        {
            recorder.Add(Item($"a{i}"), mayWait: true);
        }

        recorder.Add(Item("told"));
        Assert.Equal(recorder.Summary.Items, ResultsJson.Read(File.ReadAllText(summary)).Items);
        Assert.Equal(201, recorder.Summary.Items.Count);

        recorder.Add(Item("last"), mayWait: true);
        recorder.Finish(RunStates.Finished, 0);
        Assert.Equal(202, ResultsJson.Read(File.ReadAllText(summary)).Items.Count);
    }

    private static RunItem Item(string scenario) => new()
    {
        Machine = "explore",
        Scenario = scenario,
        ScenarioVersion = 1,
        Variant = "v",
        Expected = "bug: t - f <= 1",
        Verdict = Verdicts.NoFinding,
        Outcome = "sampled",
        IsAsExpected = false,
        Seed = 1,
        ElapsedSeconds = 0.5,
        Reproduce = "stress explore a",
    };
}
