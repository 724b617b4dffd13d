using System.Linq;
using System.Runtime.CompilerServices;
using Stress.Machine;
using Stress.Scenarios;
using Xunit;

namespace Stress.Exploration.Coyote.Tests;

/// <summary>Real scenarios: every strategy, tasks that share a CPU, locks by their real algorithm.</summary>
public sealed class CorpusTests
{
    [Theory]
    [InlineData("portfolio")]
    [InlineData("random")]
    [InlineData("qlearning")]
    [InlineData("delay-bounding")]
    public void Explore_ReservationMapOfVersion7_FindsTheRace(string strategy)
        => AssertAsDeclared("hugetlb/region-add", "v7", schedules: 20_000, strategy);

    [Theory]
    [InlineData("hugetlb/region-add", "upstream-fixed")]
    [InlineData("locks/order", "same")]
    [InlineData("locks/rwsem-grant", "upstream")]
    [InlineData("locks/stat-mod", "mod")]
    public void Explore_RightVariant_FindsNothing(string scenario, string variant)
        => AssertAsDeclared(scenario, variant, schedules: 100);

    [Theory]
    [InlineData("locks/stat-mod", "unsafe-preempted")]
    [InlineData("locks/rwsem-grant", "grants-before-count")]
    [InlineData("locks/rcu-stall", "forgets-to-unlock")]
    [InlineData("vma/refcnt-wakeup", "old-count")]
    [InlineData("vma/uffd-move-vs-munmap", "keeps-first-lock")]
    [InlineData("locks/order-apart", "opposite")]
    [InlineData("locks/order-irq", "plain")]
    public void Explore_WrongVariant_FindsWhatItDeclares(string scenario, string variant)
        => AssertAsDeclared(scenario, variant, schedules: 2_000);

    [Theory]
    [InlineData("random")]
    [InlineData("pct")]
    [InlineData("probabilistic")]
    public void Explore_SameSeed_ComesToTheSame(string strategy)
    {
        ExploreResult first = Explore("locks/order", "opposite", 500, strategy, seed: 7).Result;
        ExploreResult second = Explore("locks/order", "opposite", 500, strategy, seed: 7).Result;

        Assert.Equal((first.Schedules, first.Distinct), (second.Schedules, second.Distinct));
        Assert.Equal(first.Points, second.Points);
        Assert.Equal(first.Finding?.Trace.Hash, second.Finding?.Trace.Hash);
    }

    [Fact]
    public void CoyoteCpu_IsNoWiderThanAPointer() => Assert.Equal(nint.Size, Unsafe.SizeOf<CoyoteCpu>());

    private static void AssertAsDeclared(string scenario, string variant, long schedules, string strategy = "portfolio")
    {
        (Variant version, ExploreResult result) = Explore(scenario, variant, schedules, strategy, seed: 1);
        Assert.True(
            version.Expected.IsMetBy(result.Finding?.Kind, result.Finding?.Text),
            $"expected {version.Expected}, found {result.Finding?.Text}\n{result.Finding?.Story}");
        Assert.Equal(result.Finding?.ReproducedOf, result.Finding?.Reproduced);
    }

    private static (Variant Variant, ExploreResult Result) Explore(
        string scenario, string variant, long schedules, string strategy, ulong seed)
    {
        Scenario found = Catalog.All.Single(one => one.Name == scenario);
        Variant version = found.Variants.Single(one => one.Name == variant);
        return (version, version.Accept(new Search(found, version, schedules, strategy, seed)));
    }

    private sealed class Search(Scenario scenario, Variant variant, long schedules, string strategy, ulong seed)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => CoyoteSupport.Engine!.Explore<TScenario>(
                scenario, variant, new ExploreOptions { Schedules = schedules, Strategy = strategy, Seed = seed });
    }
}
