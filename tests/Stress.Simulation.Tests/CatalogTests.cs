using System;
using System.Linq;
using Stress.Machine;
using Stress.Scenarios;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>Every scenario runs on the simulated machine too: the correct variants without a finding, and wrong ones
/// with theirs.</summary>
public sealed class CatalogTests
{
    private const int Cpus = 4;
    private const int Operations = 40;
    private static readonly MachineModel s_broadwell = MachineLibrary.Load("broadwell-ep-2s");

    public static TheoryData<string> Scenarios => [.. Catalog.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Simulate_CorrectVariant_FindsNothing(string name)
    {
        Variant correct = Catalog.All.Single(scenario => scenario.Name == name).Variants
            .First(variant => variant.CorrectTwin is null && variant.KnownDefect is null && variant.Expected.IsClean);

        Assert.Equal(Cpus * Operations, correct.Accept(new Simulation(Operations)).Operations);
    }

    [Theory]
    [InlineData("hugetlb/region-add", "upstream", FindingKind.Hang)]
    [InlineData("hugetlb/stale-list-head", "upstream", FindingKind.UseAfterFree)]
    [InlineData("hugetlb/css-refs", "one-reference", FindingKind.Invariant)]
    [InlineData("list-lru/walk-saved-next", "saved-next", FindingKind.UseAfterFree)]
    [InlineData("locks/order", "opposite", FindingKind.Deadlock)]
    [InlineData("locks/rwsem-three", "up-read-wakes-nobody", FindingKind.Deadlock)]
    [InlineData("vma/dup-lock-word", "copied", FindingKind.Hang)]
    [InlineData("vma/refcnt-wakeup", "old-count", FindingKind.Deadlock)]
    [InlineData("zone/isolate-tail", "seed", FindingKind.Warning)]
    public void Simulate_WrongVariant_IsAFinding(string name, string variant, FindingKind kind)
    {
        Variant wrong = Catalog.All.Single(scenario => scenario.Name == name).Variants
            .Single(one => one.Name == variant);

        RunFailedException failure = Assert.Throws<RunFailedException>(() => wrong.Accept(new Simulation(150)));

        Assert.Equal(kind, failure.Kind);
    }

    private sealed class Simulation(int operations) : IScenarioVisitor<SimulationResult>
    {
        public SimulationResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Simulator.Run<TScenario>(
                s_broadwell,
                new SimulationOptions
                {
                    Cpus = Cpus,
                    Operations = operations,
                    Watchdog = TimeSpan.FromMilliseconds(100),
                });
    }
}
