using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Results;
using Stress.Running;
using Stress.Simulation;

namespace Stress.Reporting;

/// <summary>What a simulation came to.</summary>
internal static class SimulationReport
{
    public static void Write(Output output, SimulationPlan plan, IReadOnlyList<SimulationCell> cells, FieldCard? card,
        IReadOnlyList<ValidationFigures>? validation)
    {
        output.Line();
        foreach (string line in MmtestsTable.Lines(plan, cells))
        {
            output.Line(line);
        }

        output.Line();
        foreach (SimulationCell cell in Largest(plan, cells))
        {
            output.Line($"{cell.Layout.Name}, {Figures.Count(cell.Cpus, "CPU")}: {Times(cell.Runs[0])}, "
                + $"{cell.Runs[0].Operations} {plan.Unit}");
        }

        foreach (SimulationCell cell in Largest(plan, cells).Where(cell => cell.Runs[0].Lines.Count > 0))
        {
            output.Line();
            output.Line($"== {cell.Layout.Name} on {Figures.Count(cell.Cpus, "CPU")}");
            LineTable.Write(output, cell.Runs[0]);
        }

        card?.Write(output);
        if (validation is not null)
        {
            SeedValidation.Write(output, validation);
        }
    }

    /// <summary>The cells with the most CPUs.</summary>
    internal static IEnumerable<SimulationCell> Largest(SimulationPlan plan, IReadOnlyList<SimulationCell> cells)
        => plan.Layouts.Select(layout => MmtestsTable.Cell(cells, layout, plan.Cpus.Max()));

    /// <summary>User, system and elapsed time, as time(1) prints them; and the time asleep.</summary>
    internal static string Times(SimulationResult run)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{(run.Busy - run.System) / 1e12:F4}user {run.System / 1e12:F4}system {run.Elapsed / 1e12:F4}elapsed ")
            + string.Create(CultureInfo.InvariantCulture, $"{100.0 * run.Busy / run.Elapsed:F0}%CPU, ")
            + string.Create(CultureInfo.InvariantCulture, $"{run.Asleep / 1e12:F4}s off CPU");
}
