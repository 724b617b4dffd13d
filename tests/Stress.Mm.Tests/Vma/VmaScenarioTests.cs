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

    public static TheoryData<string, string> CleanVariants
        => Variants(variant => variant.ExpectedIn(weak: false).IsClean);

    public static TheoryData<string, string> WrongVariants
        => Variants(variant => !variant.ExpectedIn(weak: false).IsClean);

    public static TheoryData<string, string> WeakVariants => Variants(variant => variant.NeedsWeakMemory);

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
        Assert.True(
            wrong.Expected.IsMetBy(result.Finding.Kind, result.Finding.Text),
            $"expected {wrong.Expected}, found {result.Finding.Kind.Name()}: {result.Finding.Text}");
        Assert.Equal(result.Finding.ReproducedOf, result.Finding.Reproduced);
    }

    [Theory]
    [MemberData(nameof(WeakVariants))]
    public void Explore_WeakVariant_IsCaughtWhereAccessesPassEachOther(string scenario, string variant)
    {
        Variant wrong = Find(scenario, variant).Variant;
        Finding? finding = Explore(scenario, variant, wrong.ScheduleBudget, MemoryModel.Weak).Finding;

        Assert.NotNull(finding);
        Assert.True(
            wrong.Expected.IsMetBy(finding.Kind, finding.Text),
            $"expected {wrong.Expected}, found {finding.Kind.Name()}: {finding.Text}");
        Assert.Equal(finding.ReproducedOf, finding.Reproduced);
    }

    [Theory]
    [InlineData("stock", MemoryModel.Sc)]
    [InlineData("stock", MemoryModel.Weak)]
    [InlineData("embedded-line4", MemoryModel.Weak)]
    public void Explore_SequenceRecheck_IsVerifiedExhaustively(string variant, MemoryModel memory)
    {
        ExploreResult result = Explore("vma/seq-recheck", variant, long.MaxValue, memory, ExploreOptions.Exhaustive);

        Assert.True(result.IsVerified, result.Coverage + "\n" + result.Finding?.Story);
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

    private static TheoryData<string, string> Variants(Func<Variant, bool> isWanted)
    {
        var data = new TheoryData<string, string>();
        foreach (Scenario scenario in VmaScenarios.All)
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
        Scenario found = VmaScenarios.All.Single(candidate => candidate.Name == scenario);
        return (found, found.Variants.Single(candidate => candidate.Name == variant));
    }

    private static ExploreResult Explore(
        string scenario, string variant, long schedules, MemoryModel memory = MemoryModel.Sc, string? strategy = null)
    {
        (Scenario found, Variant version) = Find(scenario, variant);
        return version.Accept(new Run(found, version, new ExploreOptions
        {
            Schedules = schedules,
            Memory = memory,
            Strategy = strategy ?? (scenario == Deepest ? "pct" : "portfolio"),
            PctDepth = DeepestDepth,
        }));
    }

    private sealed class Run(Scenario scenario, Variant variant, ExploreOptions options)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, options);
    }
}
