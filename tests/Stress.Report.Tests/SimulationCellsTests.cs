using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Running;
using Stress.Scenarios;
using Stress.Simulation;
using Xunit;

namespace Stress.Report.Tests;

/// <summary>What remains of a comparison that could not be made whole.</summary>
public sealed class SimulationCellsTests
{
    [Theory]
    [InlineData(1, new int[0])]
    [InlineData(2, new[] { 3 })]
    [InlineData(3, new[] { 3 })]
    [InlineData(4, new[] { 3, 2 })]
    [InlineData(6, new[] { 3, 2, 1 })]
    public void Cells_Cancelled_AreThoseThatCanBeCompared(int runs, int[] cpus)
    {
        using var cancel = new CancellationTokenSource();
        int ended = 0;

        IReadOnlyList<SimulationCell> cells = SimulateJob.Cells(
            Plan("vma/anon-fault", 1, "stock", "embedded-line4"),
            _ =>
            {
                ended++;
                if (ended == runs)
                {
                    cancel.Cancel();
                }
            },
            cancel.Token);

        Assert.Equal(cpus.SelectMany(count => new[] { ("stock", count), ("embedded-line4", count) }),
            cells.Select(cell => (cell.Layout.Name, cell.Cpus)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cells_SeveralOfThemFail_AlwaysTellsTheSame(int workers)
    {
        RunFailedException failure = Assert.Throws<RunFailedException>(() => SimulateJob.Cells(
            Plan("hugetlb/region-add", workers, "upstream-fixed", "upstream"), _ => { }, CancellationToken.None));

        Assert.StartsWith("upstream on 3 CPUs: hang: ", failure.Message, StringComparison.Ordinal);
    }

    private static SimulationPlan Plan(string name, int workers, params string[] layouts)
    {
        Scenario scenario = Catalog.All.Scenario(name);
        return new SimulationPlan(
            scenario, MachineLibrary.Load("broadwell-ep-2s"), [.. layouts.Select(scenario.Variant)], [1, 2, 3],
            Prefetches: true, Operations: 200, Iterations: 1, Seed: 1, workers, Validates: false,
            TimeSpan.FromMilliseconds(5), "");
    }
}
