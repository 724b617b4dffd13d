using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Xunit;

namespace Stress.Mm.Tests;

/// <summary>The scenarios of one subsystem.</summary>
public interface IScenarioList
{
    static abstract IReadOnlyList<Scenario> All { get; }
}

/// <summary>Every variant comes to the verdict that it declares. Derive once for each subsystem.</summary>
public abstract class ScenarioContract<TList>
    where TList : IScenarioList
{
    private const long CleanSchedules = 3_000;

    public static TheoryData<string, string> Wrong => Select(variant => !variant.ExpectedIn(weak: false).IsClean);

    public static TheoryData<string, string> Right => Select(variant => variant.ExpectedIn(weak: false).IsClean);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Explore_WrongVariant_FindsWhatItDeclares(string scenario, string variant)
    {
        (Scenario found, Variant version) = Find(scenario, variant);
        Finding? finding = version.Accept(new Exploration(found, version, version.ScheduleBudget)).Finding;
        Assert.NotNull(finding);
        Assert.True(
            version.Expected.IsMetBy(finding.Kind, finding.Text),
            $"expected {version.Expected}, found {finding.Kind.Name()}: {finding.Text}\n{finding.Story}");
        Assert.Equal(finding.ReproducedOf, finding.Reproduced);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Explore_RightVariant_FindsNothing(string scenario, string variant)
    {
        (Scenario found, Variant version) = Find(scenario, variant);
        Finding? finding = version.Accept(new Exploration(found, version, CleanSchedules)).Finding;
        Assert.True(finding is null, $"{finding?.Text}\n{finding?.Story}");
    }

    [Fact]
    public void All_WrongVariants_NameARightOneOfTheirScenario()
        => Assert.All(
            TList.All.SelectMany(scenario => scenario.Variants.Select(variant => (scenario, variant)))
                .Where(pair => !pair.variant.Expected.IsClean),
            pair => Assert.Contains(
                pair.scenario.Variants,
                twin => twin.Name == pair.variant.CorrectTwin && twin.Expected.IsClean));

    [Fact]
    public void All_Names_AreUniqueAndInOrder()
    {
        string[] names = [.. TList.All.Select(scenario => scenario.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.All(
            TList.All,
            scenario => Assert.Equal(
                scenario.Variants.Count, scenario.Variants.Select(variant => variant.Name).Distinct().Count()));
    }

    private static TheoryData<string, string> Select(Func<Variant, bool> isWanted)
    {
        TheoryData<string, string> data = [];
        foreach (Scenario scenario in TList.All)
        {
            foreach (Variant variant in scenario.Variants.Where(isWanted))
            {
                data.Add(scenario.Name, variant.Name);
            }
        }

        return data;
    }

    private static (Scenario Scenario, Variant Variant) Find(string scenario, string variant)
    {
        Scenario found = TList.All.Single(candidate => candidate.Name == scenario);
        return (found, found.Variants.Single(candidate => candidate.Name == variant));
    }

    private sealed class Exploration(Scenario scenario, Variant variant, long schedules)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, new ExploreOptions { Schedules = schedules });
    }
}
