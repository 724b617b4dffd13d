using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Running;

namespace Stress.Reporting;

/// <summary>What a simulation came to, as mmtests prints a comparison.</summary>
internal static class SimulationReport
{
    public static void Write(Output output, SimulationPlan plan, IReadOnlyList<SimulationCell> cells)
    {
        output.Line();
        output.Line($"Hmean {"",-16}{string.Concat(plan.Layouts.Select(layout => $"{layout.Name,28}"))}");
        foreach (string line in Lines(plan, cells, "faults/cpu", cell => cell.PerCpuSecond)
            .Concat(Lines(plan, cells, "faults/sec", cell => cell.PerSecond)))
        {
            output.Line(line);
        }
    }

    internal static IEnumerable<string> Lines(
        SimulationPlan plan, IReadOnlyList<SimulationCell> cells, string metric, Func<SimulationCell, double> value)
    {
        foreach (int cpus in plan.Cpus)
        {
            double first = value(cells.First(cell => cell.Cpus == cpus && cell.Layout == plan.Layouts[0]));
            string line = $"Hmean     {metric}-{cpus,-4}";
            foreach (SimulationCell cell in plan.Layouts.Select(
                layout => cells.First(cell => cell.Cpus == cpus && cell.Layout == layout)))
            {
                double rate = value(cell);
                line += string.Create(
                    CultureInfo.InvariantCulture, $" {rate,15:F4} ({100 * ((rate / first) - 1),7:F2}%)");
            }

            yield return line;
        }
    }
}
