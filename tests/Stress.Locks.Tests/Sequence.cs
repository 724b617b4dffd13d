using Stress.Exploration;
using Stress.Machine;
using Xunit;

namespace Stress.Locks.Tests;

/// <summary>Explores a scenario type of the tests by itself.</summary>
internal static class Sequence
{
    /// <summary>Asserts that all that the tasks require holds in every schedule tried.</summary>
    public static void AssertHolds<TScenario>(LockAlgorithm locks, long schedules = 500)
        where TScenario : struct, IScenario<TScenario>
    {
        ExploreResult result = Run<TScenario>(locks, schedules);
        Assert.True(result.Finding is null, result.Finding?.Text + "\n" + result.Finding?.Story);
    }

    public static ExploreResult Run<TScenario>(LockAlgorithm locks, long schedules)
        where TScenario : struct, IScenario<TScenario>
    {
        var variant = new Variant<TScenario>
        {
            Name = "only",
            Summary = "The only one.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        var scenario = new Scenario("test/" + typeof(TScenario).Name, "A test.", 1, [variant]);
        return Explorer.Explore<TScenario>(
            scenario, variant, new ExploreOptions { Schedules = schedules, Locks = locks, DataRaces = false });
    }
}
