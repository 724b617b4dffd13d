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

    public static TheoryData<string, string> Correct => Named(variant => variant.ExpectedIn(weak: false).IsClean);

    public static TheoryData<string, string> Wrong => Named(variant => !variant.ExpectedIn(weak: false).IsClean);

    public static TheoryData<string, string> Weak => Named(variant => variant.NeedsWeakMemory);

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
        AssertFound(wrong, Run(scenario, variant, wrong.ScheduleBudget).Finding);
    }

    [Theory]
    [MemberData(nameof(Weak))]
    public void Explore_WeakVariant_IsFoundWhereAccessesPassEachOther(string scenario, string variant)
    {
        Variant wrong = Find(scenario, variant).Variant;
        AssertFound(wrong, Run(scenario, variant, wrong.ScheduleBudget, MemoryModel.Weak).Finding);
    }

    // The locks by their real algorithms: exclusion, order and visibility, no lost wakeup, no deadlock.
    [Theory]
    [InlineData("locks/qspinlock-three", "free", MemoryModel.Sc)]
    [InlineData("locks/qspinlock-three", "free", MemoryModel.Weak)]
    [InlineData("locks/qspinlock-three", "held", MemoryModel.Sc)]
    [InlineData("locks/qspinlock-three", "held", MemoryModel.Weak)]
    [InlineData("locks/rwsem-batch", "upstream", MemoryModel.Sc)]
    [InlineData("locks/rwsem-batch", "upstream", MemoryModel.Weak)]
    [InlineData("locks/rwsem-three", "two-writers", MemoryModel.Sc)]
    [InlineData("locks/rwsem-three", "two-writers", MemoryModel.Weak)]
    [InlineData("locks/rwsem-three", "two-readers", MemoryModel.Sc)]
    [InlineData("locks/rwsem-three", "two-readers", MemoryModel.Weak)]
    [InlineData("locks/rwsem-three", "two-readers-owner", MemoryModel.Sc)]
    [InlineData("locks/qrwlock-write", "upstream", MemoryModel.Weak)]
    public void Explore_SmallScenario_IsVerifiedExhaustively(string scenario, string variant, MemoryModel memory)
    {
        ExploreResult result = Run(scenario, variant, long.MaxValue, memory, ExploreOptions.Exhaustive);

        Assert.True(result.IsVerified, result.Coverage + "\n" + result.Finding?.Story);
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

    private static TheoryData<string, string> Named(Func<Variant, bool> isWanted)
    {
        var data = new TheoryData<string, string>();
        foreach (Scenario scenario in LockScenarios.All)
        {
            foreach (Variant variant in scenario.Variants.Where(isWanted))
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

    private static void AssertFound(Variant wrong, Finding? found)
    {
        Assert.NotNull(found);
        Assert.True(
            wrong.Expected.IsMetBy(found.Kind, found.Text),
            $"expected {wrong.Expected}, found {found.Kind.Name()}: {found.Text}\n{found.Story}");
        Assert.Equal(found.ReproducedOf, found.Reproduced);
    }

    private static ExploreResult Run(
        string name,
        string variant,
        long schedules,
        MemoryModel memory = MemoryModel.Sc,
        string strategy = "portfolio")
    {
        (Scenario scenario, Variant found) = Find(name, variant);
        var options = new ExploreOptions { Schedules = schedules, Memory = memory, Strategy = strategy };
        return found.Accept(new Exploring(scenario, found, options));
    }

    private sealed class Exploring(Scenario scenario, Variant variant, ExploreOptions options)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, options);
    }
}
