using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Scenarios.Locks;
using Xunit;

namespace Stress.Locks.Tests;

/// <summary>Taken as a whole or by its real algorithm, a lock keeps the same contract.</summary>
public sealed class RealLockTests
{
    [Theory]
    [InlineData("locks/order", "opposite", LockAlgorithm.Atomic)]
    [InlineData("locks/order", "opposite", LockAlgorithm.Real)]
    [InlineData("locks/recursive-read", "twice", LockAlgorithm.Atomic)]
    [InlineData("locks/recursive-read", "twice", LockAlgorithm.Real)]
    public void Explore_Deadlock_IsFoundWithBothAlgorithms(string name, string variant, LockAlgorithm locks)
    {
        Finding? found = Run(name, variant, locks).Finding;

        Assert.Equal(FindingKind.Deadlock, found?.Kind);
        Assert.Contains("mmap_lock", found?.Text);
    }

    [Theory]
    [InlineData("locks/exclusion", "spinlock")]
    [InlineData("locks/exclusion", "spinlock-irq")]
    [InlineData("locks/exclusion", "mutex")]
    [InlineData("locks/exclusion", "rwsem")]
    public void Explore_LocksTakenAsAWhole_Exclude(string name, string variant)
        => Assert.Null(Run(name, variant, LockAlgorithm.Atomic).Finding);

    [Theory]
    [InlineData("locks/order", "same")]
    [InlineData("locks/recursive-read", "once")]
    [InlineData("locks/stat-node-online", "folds")]
    [InlineData("locks/percpu-counter", "upstream")]
    public void Explore_CorrectVariantByRealAlgorithms_FindsNothing(string name, string variant)
        => Assert.Null(Run(name, variant, LockAlgorithm.Real).Finding);

    private static ExploreResult Run(string name, string variant, LockAlgorithm locks)
    {
        Scenario scenario = LockScenarios.All.Single(scenario => scenario.Name == name);
        Variant found = scenario.Variants.Single(one => one.Name == variant);
        return found.Accept(
            new Exploring(scenario, found, new ExploreOptions { Schedules = 3_000, Locks = locks }));
    }

    private sealed class Exploring(Scenario scenario, Variant variant, ExploreOptions options)
        : IScenarioVisitor<ExploreResult>
    {
        public ExploreResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Explorer.Explore<TScenario>(scenario, variant, options);
    }
}
