using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Scenarios.Hugetlb;
using Xunit;

namespace Stress.Mm.Tests.Hugetlb;

/// <summary>The right variants survive real threads, with allocations that fail, and are judged at checkpoints.</summary>
public sealed class HugetlbHammerTests
{
    public static TheoryData<string> Names => [.. HugetlbScenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Hammer_FirstVariant_FindsNothing(string scenario)
    {
        Variant variant = HugetlbScenarios.All.Single(candidate => candidate.Name == scenario).Variants[0];
        Assert.True(variant.Expected.IsClean);
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
                Threads = 3,
                Duration = TimeSpan.FromMilliseconds(150),
                CheckpointEvery = TimeSpan.FromMilliseconds(30),
                FailAlloc = TScenario.Plan.AllocationFailures > 0 ? 0.02 : 0,
            });
    }
}
