using Stress.Exploration.Tests;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Coyote.Tests;

/// <summary>Explores a scenario type by itself, under Coyote.</summary>
internal static class Under
{
    public static ExploreResult Coyote<TScenario>(long schedules = 1_000, bool looksForRaces = false)
        where TScenario : struct, IScenario<TScenario>
    {
        (Scenario scenario, Variant variant) = Named<TScenario>();
        return CoyoteSupport.Engine!.Explore<TScenario>(
            scenario, variant, new ExploreOptions { Schedules = schedules, DataRaces = looksForRaces });
    }

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

    /// <summary>Coyote comes to the finding, by a trace of its own that repeats it.</summary>
    public static Finding AssertFound<TFault>(FindingKind kind, string text)
        where TFault : struct, IFault
    {
        Finding? finding = Coyote<Specimen<TFault>>().Finding;
        Assert.Equal((kind, text), (finding?.Kind, finding?.Text));
        Assert.Equal(finding!.ReproducedOf, finding.Reproduced);
        return finding;
    }

    public static void AssertClean<TFault>()
        where TFault : struct, IFault
    {
        ExploreResult result = Coyote<Specimen<TFault>>(schedules: 200, looksForRaces: true);
        Assert.True(result.Finding is null, $"{result.Finding?.Text}\n{result.Finding?.Story}");
        Assert.Equal(200, result.Schedules);
    }
}
