using System;
using System.Linq;
using Stress.Machine;
using Stress.Scenarios.Litmus;
using Xunit;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>The litmus tests by the names of scenario and variant.</summary>
internal static class LitmusCase
{
    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (LitmusFamily family in LitmusScenarios.Families)
            {
                foreach (LitmusTest test in family.Tests)
                {
                    data.Add(family.Name, test.Name);
                }
            }

            return data;
        }
    }

    public static (LitmusFamily Family, LitmusTest Test) Find(string family, string test)
    {
        LitmusFamily found = LitmusScenarios.Families.Single(candidate => candidate.Name == family);
        return (found, found.Tests.Single(candidate => candidate.Name == test));
    }

    public static ExploreResult Explore(string family, string test, ExploreOptions options)
    {
        Scenario scenario = LitmusScenarios.All.Single(candidate => candidate.Name == $"litmus/{family}");
        Variant variant = scenario.Variants.Single(candidate => candidate.Name == test);
        return variant.Accept(new Exploring(scenario, variant, options));
    }

    /// <summary>The outcomes that runs came to, in the order of their text.</summary>
    public static string[] Seen(ExploreResult result)
        => [.. result.Outcomes.Where(row => row.Count > 0).Select(row => row.Outcome)
            .Order(StringComparer.Ordinal)];

    private sealed class Exploring(Scenario scenario, Variant variant, ExploreOptions options)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, options);
    }
}
