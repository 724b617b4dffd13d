using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests.Shrinking;

public sealed class LimitedTraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stress-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replay_SavedWithLimits_MatchesTenTimes()
    {
        string path = Path.Combine(_folder, "trace.json");
        File.WriteAllText(path, Found().Trace.ToJson());
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();

        ReplayResult result = Explorer.Replay<Crowd<LosesAmongMany>>(scenario, variant, Trace.Load(path), times: 10);

        Assert.Equal((10, null), (result.Matched, result.Divergence));
        Assert.Equal(Found().Story, result.Finding!.Story);
        Assert.DoesNotContain("bystander", result.Finding.Story, StringComparison.Ordinal);
        Assert.DoesNotContain("rest", result.Finding.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_WithoutItsLimits_Diverges()
    {
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();

        ReplayResult result = Explorer.Replay<Crowd<LosesAmongMany>>(
            scenario, variant, Found().Trace with { OperationLimits = null }, times: 1);

        Assert.NotNull(result.Divergence);
    }

    [Fact]
    public void Load_TraceFromBeforeThereWereLimits_IsReadAsItIs()
    {
        (Scenario scenario, Variant variant) = Explore.Named<Specimen<LosesUpdates>>();
        string path = Path.Combine(_folder, "old.json");
        Trace trace = Explorer
            .Explore<Specimen<LosesUpdates>>(scenario, variant, new ExploreOptions { Shrink = false }).Finding!.Trace;
        File.WriteAllText(path, trace.ToJson());

        Assert.DoesNotContain("operationLimits", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.DoesNotContain("decidingPair", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Null(Trace.Load(path).OperationLimits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1, 1, -2)]
    [InlineData(0, 0, 0)]
    public void Replay_LimitsThatDoNotFit_IsRefusedInOneLine(params int[] limits)
    {
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();

        TraceException refusal = Assert.Throws<TraceException>(() => Explorer.Replay<Crowd<LosesAmongMany>>(
            scenario, variant, Found().Trace with { OperationLimits = limits }, times: 1));

        Assert.Contains("operation limits", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 0, 0)]
    [InlineData(2, 2, 2)]
    [InlineData(3, -1, 1)]
    public void Run_Limits_EndEachTaskAfterItsOperations(params int[] limits)
    {
        using var machine = new ExploredMachine(
            new ExploredProgram<Crowd<DrawsOften>>(), new MachineSettings { OperationLimits = limits });
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new RandomStrategy();
            random.Begin(new Xoshiro256(seed));
            var recorder = new Recorder(machine, keepsEvents: true);
            machine.Run(random, recorder);

            Assert.Equal(
                limits.Select(limit => limit < 0 ? 3 : limit), Enumerable.Range(0, 3).Select(machine.OperationsEndedBy));
            Assert.Equal(Count(recorder, AccessOp.Enter), Count(recorder, AccessOp.Leave));
            Assert.Equal(recorder.Hash, Repeated(machine, machine.Decisions.ToArray()));
        }
    }

    private static int Count(Recorder recorder, AccessOp op) => recorder.Events.Count(told => told.Op == op);

    private static string Repeated(ExploredMachine machine, IReadOnlyList<int> decisions)
    {
        var again = new Recorder(machine, keepsEvents: false);
        var replay = new ReplayStrategy(decisions);
        machine.Run(replay, again);
        Assert.Null(replay.Divergence);
        Assert.True(replay.IsExhausted);
        return again.Hash;
    }

    private static Finding Found()
    {
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();
        var options = new ExploreOptions { Schedules = 5_000, Strategy = "random" };
        return Explorer.Explore<Crowd<LosesAmongMany>>(scenario, variant, options).Finding!;
    }
}
