using System;
using System.IO;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stress-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replay_SavedTrace_MatchesTwentyTimes()
    {
        Finding found = Explore.Run<Specimen<LocksInOppositeOrder>>().Finding!;
        string path = Path.Combine(_folder, "trace.json");
        File.WriteAllText(path, found.Trace.ToJson());
        (Scenario scenario, Variant variant) = Explore.Named<Specimen<LocksInOppositeOrder>>();

        ReplayResult result = Explorer.Replay<Specimen<LocksInOppositeOrder>>(
            scenario, variant, Trace.Load(path), times: 20);

        Assert.Equal((20, 20, null), (result.Times, result.Matched, result.Divergence));
        Assert.Equal(found.Text, result.Finding!.Text);
        Assert.Equal(found.Story, result.Finding.Story);
    }

    [Fact]
    public void Replay_ChangedDecision_DivergesAndSaysWhere()
    {
        Finding found = Explore.Run<Specimen<LocksInOppositeOrder>>().Finding!;
        (Scenario scenario, Variant variant) = Explore.Named<Specimen<LocksInOppositeOrder>>();
        Trace changed = found.Trace with { Decisions = [7, .. found.Trace.Decisions.Skip(1)] };

        ReplayResult result = Explorer.Replay<Specimen<LocksInOppositeOrder>>(scenario, variant, changed, times: 1);

        Assert.Equal((0, "at decision 1: task 7 cannot run"), (result.Matched, result.Divergence));
    }

    [Fact]
    public void Replay_ChangedHash_DoesNotMatch()
    {
        Finding found = Explore.Run<Specimen<LosesUpdates>>().Finding!;
        (Scenario scenario, Variant variant) = Explore.Named<Specimen<LosesUpdates>>();

        ReplayResult result = Explorer.Replay<Specimen<LosesUpdates>>(
            scenario, variant, found.Trace with { Hash = "0000000000000000" }, times: 2);

        Assert.Equal(0, result.Matched);
        Assert.Equal($"its hash is {found.Trace.Hash}, and 0000000000000000 was recorded", result.Divergence);
    }

    [Theory]
    [InlineData("scenario")]
    [InlineData("variant")]
    [InlineData("version")]
    [InlineData("engine")]
    public void Replay_TraceOfSomethingElse_IsRefused(string what)
    {
        Finding found = Explore.Run<Specimen<LosesUpdates>>().Finding!;
        (Scenario scenario, Variant variant) = Explore.Named<Specimen<LosesUpdates>>();
        Trace other = what switch
        {
            "scenario" => found.Trace with { Scenario = "other/one" },
            "variant" => found.Trace with { Variant = "other" },
            "version" => found.Trace with { ScenarioVersion = 99 },
            _ => found.Trace with { Engine = "coyote" },
        };

        TraceException refusal = Assert.Throws<TraceException>(
            () => Explorer.Replay<Specimen<LosesUpdates>>(scenario, variant, other, times: 1));

        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("", "not a complete trace file")]
    [InlineData("{ \"format\": \"stress-trace\", \"formatVersion\": 1, \"scen", "not a complete trace file")]
    [InlineData("[1, 2, 3]", "not a complete trace file")]
    [InlineData("null", "is not a stress-trace file")]
    public void Load_DamagedFile_IsRefusedInOneLine(string content, string expected)
    {
        string path = Path.Combine(_folder, "damaged.json");
        File.WriteAllText(path, content);

        TraceException refusal = Assert.Throws<TraceException>(() => Trace.Load(path));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("\"variant\": \"only\"", "\"variant\": \"other\"")]
    [InlineData("\"seed\": 1", "\"seed\": 2")]
    [InlineData("\"decisions\": [", "\"decisions\": [0,")]
    public void Load_ChangedFile_IsRefused(string recorded, string changed)
    {
        string path = Path.Combine(_folder, "changed.json");
        File.WriteAllText(path, Explore.Run<Specimen<LosesUpdates>>().Finding!.Trace.ToJson());
        Assert.Equal(Explore.Run<Specimen<LosesUpdates>>().Finding!.Trace.Checksum, Trace.Load(path).Checksum);
        string content = File.ReadAllText(path);
        Assert.Contains(recorded, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(recorded, changed, StringComparison.Ordinal));

        TraceException refusal = Assert.Throws<TraceException>(() => Trace.Load(path));

        Assert.Contains("was changed after it was recorded", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NewerFormat_IsRefusedByItsNumber()
    {
        string path = Path.Combine(_folder, "newer.json");
        Finding found = Explore.Run<Specimen<LosesUpdates>>().Finding!;
        File.WriteAllText(path, (found.Trace with { FormatVersion = 2 }).ToJson());

        Assert.Contains("trace format 2", Assert.Throws<TraceException>(() => Trace.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_IsRefused()
        => Assert.Contains(
            "cannot be read",
            Assert.Throws<TraceException>(() => Trace.Load(Path.Combine(_folder, "none.json"))).Message,
            StringComparison.Ordinal);
}
