using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Scenarios;
using Xunit;

namespace Stress.Mm.Tests;

/// <summary>What an exhaustive search proves of the catalog, and what it needs to find a bug.</summary>
public sealed class VerifiedTests
{
    [Theory]
    [InlineData("hugetlb/region-add", "upstream", MemoryModel.Sc)]
    [InlineData("hugetlb/region-add", "upstream-fixed", MemoryModel.Sc)]
    [InlineData("hugetlb/region-add-three", "upstream-fixed", MemoryModel.Sc)]
    [InlineData("hugetlb/region-add-three", "upstream-fixed", MemoryModel.Weak)]
    [InlineData("locks/qspinlock-three", "free", MemoryModel.Sc)]
    [InlineData("locks/qspinlock-three", "free", MemoryModel.Weak)]
    [InlineData("locks/qspinlock-three", "held", MemoryModel.Sc)]
    [InlineData("locks/rwsem-three", "two-readers", MemoryModel.Sc)]
    [InlineData("locks/rwsem-batch", "upstream", MemoryModel.Weak)]
    [InlineData("vma/seq-recheck", "stock", MemoryModel.Sc)]
    [InlineData("vma/seq-recheck", "stock", MemoryModel.Weak)]
    public void Exhaustive_CorrectVariant_IsVerifiedByOneWorkerAndByTwo(
        string scenario, string variant, MemoryModel memory)
    {
        ExploreResult alone = Explore(scenario, variant, new ExploreOptions { Memory = memory });
        ExploreResult shared = Explore(scenario, variant, new ExploreOptions { Memory = memory, Workers = 2 });

        Assert.True(alone.Finding is null, alone.Finding?.Text + "\n" + alone.Finding?.Story);
        Assert.Equal((true, true), (alone.IsVerified, shared.IsVerified));
        Assert.InRange(alone.Schedules, 2, long.MaxValue);
        if (memory == MemoryModel.Sc)
        {
            HashSet<ulong> classes = VariantOf(scenario, variant).Accept(new SearchedClasses(workers: 1));
            Assert.Equal(classes, VariantOf(scenario, variant).Accept(new SearchedClasses(workers: 2)));

            // Workers that do not wait for each other may run a class twice, but never miss one.
            Assert.InRange(alone.Schedules, classes.Count, long.MaxValue);
            Assert.InRange(shared.Schedules, classes.Count, 2 * alone.Schedules);

            // Where a step holds more than its access, it is not known before what it touches once it is turned round: a
            // run may be in vain then, or repeat a class.
            Assert.InRange(alone.Redundant, 0, alone.Schedules / 100);
        }
    }

    [Theory]
    [InlineData("hugetlb/region-add", "v7", MemoryModel.Sc)]
    [InlineData("hugetlb/region-add-three", "v7", MemoryModel.Sc)]
    [InlineData("vma/seq-recheck", "no-acquire", MemoryModel.Weak)]
    [InlineData("vma/seq-recheck", "no-release", MemoryModel.Weak)]
    [InlineData("litmus/dekker", "no-fence", MemoryModel.Weak)]
    public void Exhaustive_WrongVariant_IsFoundAndReplayed(string scenario, string variant, MemoryModel memory)
    {
        Finding? finding = Explore(scenario, variant, new ExploreOptions { Memory = memory }).Finding;

        Assert.NotNull(finding);
        Assert.True(VariantOf(scenario, variant).Expected.IsMetBy(finding.Kind, finding.Text), finding.Text);
        Assert.Equal(10, finding.Reproduced);
    }

    [Theory]
    [InlineData("vma/seq-recheck", "no-acquire")]
    [InlineData("vma/seq-recheck", "no-release")]
    [InlineData("litmus/dekker", "no-fence")]
    public void Exhaustive_VariantThatNeedsWeakMemory_IsVerifiedWithoutIt(string scenario, string variant)
        => Assert.True(Explore(scenario, variant, new ExploreOptions()).IsVerified);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Preemptions_FewerThanTheBugNeeds_AreVerified(int preemptions)
    {
        ExploreResult result = Explore(
            "hugetlb/region-add", "v7", new ExploreOptions { Preemptions = preemptions, DataRaces = false, Workers = 2 });

        Assert.True(result.IsVerified);
        Assert.StartsWith($"verified up to {preemptions} preemption", result.Coverage);
    }

    [Fact]
    public void Preemptions_AsManyAsTheBugNeeds_FindIt()
        => Assert.Equal(
            FindingKind.Bug,
            Explore("hugetlb/region-add", "v7", new ExploreOptions { Preemptions = 2, Workers = 2 }).Finding?.Kind);

    private static ExploreResult Explore(string scenario, string variant, ExploreOptions options)
    {
        Scenario found = Catalog.All.Single(candidate => candidate.Name == scenario);
        return VariantOf(scenario, variant).Accept(new Search(
            found, VariantOf(scenario, variant),
            options with { Strategy = ExploreOptions.Exhaustive, Schedules = long.MaxValue }));
    }

    private static Variant VariantOf(string scenario, string variant)
        => Catalog.All.Single(candidate => candidate.Name == scenario).Variants.Single(one => one.Name == variant);

    private sealed class Search(Scenario scenario, Variant variant, ExploreOptions options)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, options);
    }
}
