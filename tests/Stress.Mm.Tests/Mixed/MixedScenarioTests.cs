using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Scenarios.Mixed;
using Xunit;

namespace Stress.Mm.Tests.Mixed;

/// <summary>Every variant comes to the verdict that it declares.</summary>
public sealed class MixedScenarioTests
{
    private const long CleanSchedules = 3_000;

    public static TheoryData<string, string> Wrong => Select(isClean: false);

    public static TheoryData<string, string> Right => Select(isClean: true);

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
            MixedScenarios.All.SelectMany(scenario => scenario.Variants.Select(variant => (scenario, variant)))
                .Where(pair => !pair.variant.Expected.IsClean),
            pair => Assert.Contains(
                pair.scenario.Variants,
                twin => twin.Name == pair.variant.CorrectTwin && twin.Expected.IsClean));

    [Fact]
    public void All_Names_AreUniqueAndInOrder()
    {
        string[] names = [.. MixedScenarios.All.Select(scenario => scenario.Name)];
        Assert.Equal(names.Order(System.StringComparer.Ordinal).Distinct(), names);
        Assert.All(
            MixedScenarios.All,
            scenario => Assert.Equal(
                scenario.Variants.Count, scenario.Variants.Select(variant => variant.Name).Distinct().Count()));
    }

    private static TheoryData<string, string> Select(bool isClean)
    {
        TheoryData<string, string> data = [];
        foreach (Scenario scenario in MixedScenarios.All)
        {
            foreach (Variant variant in scenario.Variants.Where(variant => variant.Expected.IsClean == isClean))
            {
                data.Add(scenario.Name, variant.Name);
            }
        }

        return data;
    }

    private static (Scenario Scenario, Variant Variant) Find(string scenario, string variant)
    {
        Scenario found = MixedScenarios.All.Single(candidate => candidate.Name == scenario);
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
