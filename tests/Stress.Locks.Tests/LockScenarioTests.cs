using System;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Scenarios.Locks;
using Xunit;

namespace Stress.Locks.Tests;

/// <summary>Every wrong variant is caught with the finding that it names, every correct one stays clean.</summary>
public sealed class LockScenarioTests
{
    private const long CleanSchedules = 15_000;

    public static TheoryData<string, string> Correct => Named(isClean: true);

    public static TheoryData<string, string> Wrong => Named(isClean: false);

    [Theory]
    [MemberData(nameof(Correct))]
    public void Explore_CorrectVariant_FindsNothing(string scenario, string variant)
    {
        ExploreResult result = Run(scenario, variant, CleanSchedules);

        Assert.True(result.Finding is null, result.Finding?.Text + "\n" + result.Finding?.Story);
        Assert.Equal(CleanSchedules, result.Schedules);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Explore_WrongVariant_FindsWhatItNames(string scenario, string variant)
    {
        Variant wrong = Find(scenario, variant).Variant;
        Finding? found = Run(scenario, variant, wrong.ScheduleBudget).Finding;

        Assert.NotNull(found);
        Assert.Equal(wrong.Expected.Kind, found.Kind);
        Assert.Contains(wrong.Expected.Text, found.Text, StringComparison.Ordinal);
        Assert.Equal(found.ReproducedOf, found.Reproduced);
    }

    [Fact]
    public void All_WrongVariants_HaveACleanTwinInTheirScenario()
        => Assert.All(
            LockScenarios.All.SelectMany(scenario => scenario.Variants.Select(variant => (scenario, variant)))
                .Where(pair => !pair.variant.Expected.IsClean),
            pair => Assert.Contains(
                pair.scenario.Variants, twin => twin.Name == pair.variant.CorrectTwin && twin.Expected.IsClean));

    [Fact]
    public void All_Names_AreInOrderAndOfTheLocks()
    {
        string[] names = [.. LockScenarios.All.Select(scenario => scenario.Name)];

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.All(names, name => Assert.StartsWith("locks/", name, StringComparison.Ordinal));
    }

    private static TheoryData<string, string> Named(bool isClean)
    {
        var data = new TheoryData<string, string>();
        foreach (Scenario scenario in LockScenarios.All)
        {
            foreach (Variant variant in scenario.Variants.Where(variant => variant.Expected.IsClean == isClean))
            {
                data.Add(scenario.Name, variant.Name);
            }
        }

        return data;
    }

    private static (Scenario Scenario, Variant Variant) Find(string name, string variant)
    {
        Scenario scenario = LockScenarios.All.Single(scenario => scenario.Name == name);
        return (scenario, scenario.Variants.Single(one => one.Name == variant));
    }

    private static ExploreResult Run(string name, string variant, long schedules)
    {
        (Scenario scenario, Variant found) = Find(name, variant);
        return found.Accept(new Exploring(scenario, found, new ExploreOptions { Schedules = schedules }));
    }

    private sealed class Exploring(Scenario scenario, Variant variant, ExploreOptions options)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, options);
    }
}
