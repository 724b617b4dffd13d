using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Mm.Tests;

/// <summary>The right variants survive real threads, with allocations that fail, and are judged at checkpoints. Derive
/// once for each subsystem.</summary>
public abstract class HammerContract<TList>
    where TList : IScenarioList
{
    public static TheoryData<string, string> Right
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (Scenario scenario in TList.All)
            {
                foreach (Variant variant in scenario.Variants
                    .Where(variant => variant.Expected.IsClean && variant.KnownDefect is null))
                {
                    data.Add(scenario.Name, variant.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Hammer_RightVariant_FindsNothing(string scenario, string version)
    {
        Variant variant = TList.All.Single(candidate => candidate.Name == scenario)
            .Variants.Single(candidate => candidate.Name == version);
        HammerResult result = variant.Accept(new Hammering());
        Assert.True(result.Finding is null, $"{result.Finding}");
        Assert.True(result.Operations > 0);
    }

    private sealed class Hammering : IScenarioVisitor<HammerResult>
    {
        public HammerResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Hammer.Run<TScenario>(new HammerOptions
            {
                Threads = 4,
                Duration = TimeSpan.FromMilliseconds(150),
                CheckpointEvery = TimeSpan.FromMilliseconds(30),
                FailAlloc = TScenario.Plan.AllocationFailures > 0 ? 0.02 : 0,
            });
    }
}
