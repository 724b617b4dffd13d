using System.Collections.Generic;
using System.Linq;
using Stress.Reporting;
using Stress.Results;
using Stress.Simulation;

namespace Stress.Running;

/// <summary>Turns simulations into the figures that a run keeps.</summary>
internal static class SimulationItem
{
    private const int Lines = 20;
    private const double Seconds = 1e12;

    public static SimulationFigures Figures(
        SimulationPlan plan, IReadOnlyList<SimulationCell> cells, FieldCard? card,
        IReadOnlyList<ValidationFigures>? validation)
        => new(plan.Machine.Name, plan.Machine.Title, plan.HasPrefetcher, plan.Operations,
            [.. plan.Cpus.SelectMany(cpus => plan.Layouts.Select(layout => Cell(cells, plan, layout, cpus)))])
        {
            Field = card is null ? null
                : new FieldFigures(card.Layout, card.Line.Name, card.Field, card.Offset, card.Before, card.After),
            Validation = validation,
        };

    /// <summary>What the seed alone decides: how often each layout's lines went from one core to another.</summary>
    public static IReadOnlyDictionary<string, long> Counts(SimulationFigures figures)
        => figures.Cells.SelectMany(cell => new (string, long)[]
        {
            ($"{cell.Layout}/{cell.Cpus}/hitm", cell.Lines.Sum(line => line.HitmLocal + line.HitmRemote)),
            ($"{cell.Layout}/{cell.Cpus}/store-misses", cell.Lines.Sum(line => line.StoreMisses)),
            ($"{cell.Layout}/{cell.Cpus}/lost-ns", cell.Lines.Sum(line => line.LostNs)),
        }).ToDictionary(count => count.Item1, count => count.Item2);

    private static SimulationCellFigures Cell(
        IReadOnlyList<SimulationCell> cells, SimulationPlan plan, Machine.Variant layout, int cpus)
    {
        SimulationCell cell = MmtestsTable.Cell(cells, layout, cpus);
        SimulationResult run = cell.Runs[0];
        return new SimulationCellFigures(
            layout.Name, cpus, cell.PerSecond, cell.PerCpuSecond,
            (cell.PerSecond / MmtestsTable.Cell(cells, plan.Layouts[0], cpus).PerSecond) - 1,
            (run.Busy - run.System) / Seconds, run.System / Seconds, run.Elapsed / Seconds, run.Asleep / Seconds,
            [.. run.Lines.Take(Lines).Select(Line)],
            [.. run.Locks.Select(count => new SimulatedLockFigures(
                count.Class, count.Acquired, count.Contended, count.Waited / 1000))]);
    }

    private static LineFigures Line(LineReport line)
        => new(line.Name, line.Offset, line.HitmLocal, line.HitmRemote, line.StoreHits, line.StoreMisses, line.Lost / 1000,
            [.. line.Words.Select(word => new WordFigures(
                word.Field, word.Offset, word.Operation, word.Loads, word.HitmLocal, word.HitmRemote, word.StoreHits,
                word.StoreMisses, word.Lost / 1000))])
        {
            Lines = line.Lines,
        };
}
