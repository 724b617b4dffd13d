using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Scenarios.Locks;
using Xunit;

namespace Stress.Locks.Tests;

/// <summary>The locks keep their contract on real threads as well.</summary>
public sealed class NativeLockTests
{
    [Theory]
    [InlineData("locks/exclusion", "spinlock")]
    [InlineData("locks/exclusion", "spinlock-irq")]
    [InlineData("locks/exclusion", "mutex")]
    [InlineData("locks/exclusion", "rwsem")]
    [InlineData("locks/mutex-handoff", "upstream")]
    [InlineData("locks/osq", "upstream")]
    [InlineData("locks/osq-leave", "upstream")]
    [InlineData("locks/qspinlock-three", "free")]
    [InlineData("locks/qspinlock-three", "held")]
    [InlineData("locks/rwsem-batch", "upstream")]
    [InlineData("locks/rwsem-sharing", "upstream")]
    [InlineData("locks/rwsem-three", "two-writers")]
    [InlineData("locks/rwsem-three", "two-readers-owner")]
    [InlineData("locks/rwsem-grant", "upstream")]
    [InlineData("locks/rwsem-wakeup", "upstream")]
    [InlineData("locks/rcu-lifetime", "synchronize")]
    [InlineData("locks/rcu-lifetime", "call")]
    [InlineData("locks/stat-mod", "mod")]
    [InlineData("locks/percpu-counter", "upstream")]
    [InlineData("locks/stat-node-online", "folds")]
    public void Hammer_CorrectVariant_FindsNothing(string name, string variant)
    {
        Variant found = LockScenarios.All.Single(scenario => scenario.Name == name)
            .Variants.Single(one => one.Name == variant);

        HammerResult result = found.Accept(new Hammering());

        Assert.True(result.Finding is null, result.Finding?.ToString() + "\n" + result.HangReport);
        Assert.True(result.Operations > 0);
    }

    private sealed class Hammering : IScenarioVisitor<HammerResult>
    {
        public HammerResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Hammer.Run<TScenario>(new HammerOptions
            {
                Threads = TScenario.Plan.Tasks.Count(task => !task.IsWorker) + 1,
                Duration = TimeSpan.FromMilliseconds(150),
                CheckpointEvery = TimeSpan.FromMilliseconds(50),
            });
    }
}
