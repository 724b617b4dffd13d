using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Scenarios.Litmus;
using Xunit;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>Litmus tests run on real threads too: with locks, grace periods and pointers.</summary>
public sealed class LitmusHammerTests
{
    [Theory]
    [InlineData("lock")]
    [InlineData("rcu")]
    [InlineData("assign-dereference")]
    public void Hammer_MessagePassing_FindsNothing(string test)
    {
        Variant variant = LitmusScenarios.All.Single(scenario => scenario.Name == "litmus/mp")
            .Variants.Single(candidate => candidate.Name == test);
        HammerResult result = variant.Accept(new Hammering());

        Assert.True(result.Finding is null, $"{result.Finding}");
        Assert.True(result.Operations > 0);
    }

    private sealed class Hammering : IScenarioVisitor<HammerResult>
    {
        public HammerResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>
            => Hammer.Run<TScenario>(new HammerOptions { Threads = 2, Duration = TimeSpan.FromMilliseconds(50) });
    }
}
