using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Scenarios;
using Xunit;

namespace Stress.Mm.Tests.Shrinking;

/// <summary>Finds what is wrong in a variant of the catalog, and makes it smaller.</summary>
internal sealed class Shrunk(Scenario scenario, Variant variant, ExploreOptions options)
    : IScenarioVisitor<(Finding Found, Finding Smaller, ReplayResult Replayed)>
{
    public static TheoryData<string, string> Violating
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (Scenario scenario in Catalog.All)
            {
                foreach (Variant variant in scenario.Variants.Where(variant => !variant.Expected.IsClean))
                {
                    data.Add(scenario.Name, variant.Name);
                }
            }

            return data;
        }
    }

    /// <summary>The finding as it was found, the smaller one, and what repeating that one came to on a new machine.
    /// </summary>
    public static (Finding Found, Finding Smaller, ReplayResult Replayed) Of(
        string scenario, string variant, ExploreOptions? options = null)
    {
        Scenario found = Catalog.All.Single(candidate => candidate.Name == scenario);
        Variant version = found.Variants.Single(candidate => candidate.Name == variant);
        return version.Accept(new Shrunk(
            found,
            version,
            (options ?? new ExploreOptions { Schedules = version.ScheduleBudget }) with
            {
                Shrink = false,
                Memory = version.NeedsWeakMemory ? MemoryModel.Weak : MemoryModel.Sc,
            }));
    }

    public (Finding Found, Finding Smaller, ReplayResult Replayed) Visit<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        Finding? found = Explorer.Explore<TScenario>(scenario, variant, options).Finding;
        Assert.NotNull(found);
        Finding? smaller = Explorer.Shrink<TScenario>(scenario, variant, found.Trace).Finding;
        Assert.NotNull(smaller);
        return (found, smaller, Explorer.Replay<TScenario>(scenario, variant, smaller.Trace, times: 10));
    }
}
