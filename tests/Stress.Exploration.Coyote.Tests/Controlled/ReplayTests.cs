using System.IO;
using System.Text.Json;
using Stress.Exploration.Tests;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Coyote.Tests;

/// <summary>A failure has one trace: Coyote follows it, and its decisions mean the same to the builtin one.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void Replay_TraceFromAFile_ComesToTheSameExecution()
    {
        Finding found = Under.Coyote<Specimen<UsesAfterFree>>().Finding!;
        string path = Path.GetTempFileName();
        File.WriteAllText(path, found.Trace.ToJson());
        Trace trace = Trace.Load(path);
        File.Delete(path);

        (Scenario scenario, Variant variant) = Under.Named<Specimen<UsesAfterFree>>();
        ReplayResult result = CoyoteSupport.Engine!.Replay<Specimen<UsesAfterFree>>(scenario, variant, trace, 5);

        Assert.Equal((5, 5, null), (result.Times, result.Matched, result.Divergence));
        Assert.Equal(found.Story, result.Finding!.Story);
    }

    [Fact]
    public void Replay_DecisionsOnTheBuiltinEngine_ComeToTheSameExecution()
    {
        Finding found = Under.Coyote<Specimen<LocksInOppositeOrder>>().Finding!;
        Trace trace = (found.Trace with { Engine = BuiltinEngine.EngineName, EngineTrace = null }).Sealed();

        (Scenario scenario, Variant variant) = Under.Named<Specimen<LocksInOppositeOrder>>();
        ReplayResult result = Explorer.Replay<Specimen<LocksInOppositeOrder>>(scenario, variant, trace, 1);

        Assert.Equal((1, null), (result.Matched, result.Divergence));
    }

    [Fact]
    public void Replay_OtherHash_SaysThatItDiverged()
    {
        Finding found = Under.Coyote<Specimen<HitsBug>>().Finding!;

        ReplayResult result = Replay(found.Trace with { Hash = "0000000000000000" });

        Assert.Equal(0, result.Matched);
        Assert.Contains("0000000000000000 was recorded", result.Divergence, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_StepsOfAnotherRun_SaysThatItDiverged()
    {
        Finding found = Under.Coyote<Specimen<HitsBug>>().Finding!;
        JsonElement other = Under.Coyote<Specimen<Leaks>>().Finding!.Trace.EngineTrace!.Value;

        Assert.Equal(0, Replay(found.Trace with { EngineTrace = other }).Matched);
    }

    [Fact]
    public void Replay_TraceOfTheBuiltinEngine_IsRefused()
    {
        (Scenario scenario, Variant variant) = Under.Named<Specimen<HitsBug>>();
        Finding found = Explorer.Explore<Specimen<HitsBug>>(scenario, variant, new ExploreOptions()).Finding!;

        Assert.Throws<TraceException>(() => Replay(found.Trace));
    }

    private static ReplayResult Replay(Trace trace)
    {
        (Scenario scenario, Variant variant) = Under.Named<Specimen<HitsBug>>();
        return CoyoteSupport.Engine!.Replay<Specimen<HitsBug>>(scenario, variant, trace, 2);
    }
}
