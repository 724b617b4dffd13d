using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Running;

namespace Stress.Reporting;

/// <summary>Rates of layouts side by side, as the comparison of mmtests prints them.</summary>
/// <remarks>The percentage compares with the first layout. It stands between asterisks instead of parentheses where the
/// intervals of mean ± 1.96 standard deviations do not overlap.</remarks>
internal static class MmtestsTable
{
    private const double Deviations = 1.96;

    public static IEnumerable<string> Lines(SimulationPlan plan, IReadOnlyList<SimulationCell> cells)
    {
        yield return "          " + new string(' ', 15)
            + string.Concat(plan.Layouts.Select(layout => $"{TextTable.Cut(layout.Name, 28),29}")).TrimEnd();
        foreach ((string metric, Func<Simulation.SimulationResult, double> rate) in Metrics)
        {
            foreach (int cpus in plan.Cpus)
            {
                yield return Line(plan, cells, $"{plan.Unit}/{metric}", cpus, rate);
            }
        }
    }

    /// <summary>What is compared: rates by CPU time and by elapsed time.</summary>
    public static IReadOnlyList<(string Name, Func<Simulation.SimulationResult, double> Rate)> Metrics { get; } =
    [
        ("cpu", run => run.PerCpuSecond),
        ("sec", run => run.PerSecond),
    ];

    private static string Line(
        SimulationPlan plan, IReadOnlyList<SimulationCell> cells, string metric, int cpus,
        Func<Simulation.SimulationResult, double> rate)
    {
        SimulationCell first = Cell(cells, plan.Layouts[0], cpus);
        double baseline = HarmonicMean.Of(first.Runs, rate);
        string line = $"Hmean     {$"{metric}-{cpus}",-15}";
        foreach (Machine.Variant layout in plan.Layouts)
        {
            SimulationCell cell = Cell(cells, layout, cpus);
            double mean = HarmonicMean.Of(cell.Runs, rate);
            bool differs = cell != first && IsApart([.. first.Runs.Select(rate)], [.. cell.Runs.Select(rate)]);
            string change = string.Create(CultureInfo.InvariantCulture, $"{100 * ((mean / baseline) - 1):F2}%");
            line += string.Create(CultureInfo.InvariantCulture, $" {mean,16:F4} ")
                + (differs ? $"*{change,8}*" : $"({change,8})");
        }

        return line;
    }

    public static SimulationCell Cell(IReadOnlyList<SimulationCell> cells, Machine.Variant layout, int cpus)
        => cells.First(cell => cell.Layout == layout && cell.Cpus == cpus);

    /// <summary>Whether two samples are apart: never with a single value each.</summary>
    internal static bool IsApart(double[] one, double[] other)
    {
        if (one.Length < 2 || other.Length < 2)
        {
            return false;
        }

        double reach = Deviations * (Deviation(one) + Deviation(other));
        return Math.Abs(one.Average() - other.Average()) > reach;
    }

    private static double Deviation(double[] sample)
    {
        double mean = sample.Average();
        return Math.Sqrt(sample.Sum(value => (value - mean) * (value - mean)) / (sample.Length - 1));
    }
}
