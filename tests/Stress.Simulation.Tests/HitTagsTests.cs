using System.Text.Json;
using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Stress.Scenarios.Locks;
using Stress.Scenarios.Vma;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>An access that finds its line by the tag of its core comes to what it comes to without.</summary>
public sealed class HitTagsTests
{
    // To move a field takes the tags away; this one moves nothing.
    private static readonly MovedField s_nothing = new("no such object", 0, 8);

    [Theory]
    [InlineData("broadwell-ep-2s", 1)]
    [InlineData("broadwell-ep-2s", 7)]
    [InlineData("broadwell-ep-2s", 56)]
    [InlineData("neoverse-n1", 21)]
    [InlineData("zen2-2s", 48)]
    public void Faults_WithAndWithoutTags_CountTheSame(string machine, int cpus)
        => AssertSame<AnonFault<StockLayout, FaultsAsMerged>>(machine, cpus);

    [Theory]
    [InlineData("broadwell-ep-2s")]
    [InlineData("neoverse-v1")]
    [InlineData("zen5")]
    public void SleepersAndSpinners_WithAndWithoutTags_CountTheSame(string machine)
    {
        AssertSame<Exclusion<RwSemaphoreWriterSubject>>(machine, 48);
        AssertSame<Exclusion<SpinLockSubject>>(machine, 7);
    }

    [Fact]
    public void Faults_OnMoreThan64Cpus_AreSimulated()
    {
        SimulationResult result = Simulator.Run<AnonFault<StockLayout, FaultsAsMerged>>(
            MachineLibrary.Load("zen2-2s"), new SimulationOptions { Cpus = 200, Operations = 10, WarmUp = 10 });

        Assert.Equal(2_000, result.Operations);
    }

    [Fact]
    public void Model_ThatFails_SaysWhat()
    {
        RunFailedException failure = Assert.Throws<RunFailedException>(
            () => Run<AnonFault<StockLayout, RefillsWithoutLock>>("broadwell-ep-2s", 8, moved: null));

        Assert.Equal(FindingKind.Bug, failure.Kind);
    }

    private static void AssertSame<TScenario>(string machine, int cpus)
        where TScenario : struct, IScenario<TScenario>
        => Assert.Equal(Run<TScenario>(machine, cpus, s_nothing), Run<TScenario>(machine, cpus, moved: null));

    private static string Run<TScenario>(string machine, int cpus, MovedField? moved)
        where TScenario : struct, IScenario<TScenario>
        => JsonSerializer.Serialize(Simulator.Run<TScenario>(
            MachineLibrary.Load(machine), new SimulationOptions { Cpus = cpus, Operations = 300, Moved = moved }));
}
