using System;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Scenarios.Vma;
using Xunit;

namespace Stress.Mm.Tests.Vma;

/// <summary>Every variant of the VMA scenarios comes to what it declares: each mutant to its finding, the rest to none.
/// </summary>
public sealed class VmaScenarioTests
{
    private const long CleanSchedules = 3_000;

    // Five switches at the right places: one more than the portfolio of strategies looks for.
    private const string Deepest = "vma/refcnt-foreign-mm";
    private const int DeepestDepth = 6;

    public static TheoryData<string, string> CleanVariants => Variants(isClean: true);

    public static TheoryData<string, string> WrongVariants => Variants(isClean: false);

    [Theory]
    [MemberData(nameof(CleanVariants))]
    public void Explore_CorrectVariant_IsClean(string scenario, string variant)
    {
        ExploreResult result = Explore(scenario, variant, CleanSchedules);

        Assert.Null(result.Finding);
        Assert.Equal(CleanSchedules, result.Schedules);
        Assert.True(result.Distinct > 100, result.Coverage);
    }

    [Theory]
    [MemberData(nameof(WrongVariants))]
    public void Explore_WrongVariant_IsCaughtWithTheFindingThatItDeclares(string scenario, string variant)
    {
        Variant wrong = Find(scenario, variant).Variant;
        ExploreResult result = Explore(scenario, variant, wrong.ScheduleBudget);

        Assert.NotNull(result.Finding);
        Assert.Equal(wrong.Expected.Kind, result.Finding.Kind);
        Assert.Contains(wrong.Expected.Text, result.Finding.Text, StringComparison.Ordinal);
        Assert.Equal(result.Finding.ReproducedOf, result.Finding.Reproduced);
    }

    [Fact]
    public void Variants_Wrong_HaveACleanTwinInTheirScenario()
    {
        foreach (Scenario scenario in VmaScenarios.All)
        {
            foreach (Variant wrong in scenario.Variants.Where(variant => !variant.Expected.IsClean))
            {
                Variant twin = Assert.Single(scenario.Variants, variant => variant.Name == wrong.CorrectTwin);
                Assert.True(twin.Expected.IsClean);
            }
        }
    }

    [Fact]
    public void Variants_OfAScenario_HaveDifferentNames()
        => Assert.All(
            VmaScenarios.All,
            scenario => Assert.Equal(
                scenario.Variants.Count, scenario.Variants.Select(variant => variant.Name).Distinct().Count()));

    private static TheoryData<string, string> Variants(bool isClean)
    {
        var data = new TheoryData<string, string>();
        foreach (Scenario scenario in VmaScenarios.All)
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
        Scenario found = VmaScenarios.All.Single(candidate => candidate.Name == scenario);
        return (found, found.Variants.Single(candidate => candidate.Name == variant));
    }

    private static ExploreResult Explore(string scenario, string variant, long schedules)
    {
        (Scenario found, Variant version) = Find(scenario, variant);
        return version.Accept(new Run(found, version, schedules));
    }

    private sealed class Run(Scenario scenario, Variant variant, long schedules) : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, new ExploreOptions
            {
                Schedules = schedules,
                Strategy = scenario.Name == Deepest ? "pct" : "portfolio",
                PctDepth = DeepestDepth,
            });
    }
}
