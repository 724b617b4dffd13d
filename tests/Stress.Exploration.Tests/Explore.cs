using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>Explores a scenario type by itself.</summary>
internal static class Explore
{
    public static (Scenario Scenario, Variant Variant) Named<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        var variant = new Variant<TScenario>
        {
            Name = "only",
            Summary = "The only one.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        return (new Scenario("test/" + typeof(TScenario).Name, "A test.", 1, [variant]), variant);
    }

    public static ExploreResult Run<TScenario>(
        long schedules = 2_000, ulong seed = 1, string strategy = "portfolio", int workers = 1,
        bool looksForRaces = false)
        where TScenario : struct, IScenario<TScenario>
    {
        (Scenario scenario, Variant variant) = Named<TScenario>();
        return Explorer.Explore<TScenario>(scenario, variant, new ExploreOptions
        {
            Schedules = schedules,
            Seed = seed,
            Strategy = strategy,
            Workers = workers,
            DataRaces = looksForRaces,
        });
    }
}
