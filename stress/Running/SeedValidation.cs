using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Simulation;

namespace Stress.Running;

/// <summary>Predictions beside the published measurement of pft-threads on a 56-CPU Broadwell.</summary>
internal static class SeedValidation
{
    private const string Source = "lore, 9 August 2024: mmtests pft-threads, Hmean of 30 iterations";
    private static readonly string[] s_layouts = ["stock", "embedded-line4"];

    /// <summary>Whether something was published about what is simulated.</summary>
    public static bool Knows(Scenario scenario, MachineModel machine, IReadOnlyList<Variant> layouts)
        => scenario.Name == "vma/anon-fault" && machine.Name == "broadwell-ep-2s"
            && s_layouts.All(name => layouts.Any(layout => layout.Name == name));

    /// <summary>The rows that were published for the numbers of CPUs that were simulated.</summary>
    public static IReadOnlyList<ValidationFigures> Of(SimulationPlan plan, IReadOnlyList<SimulationCell> cells) =>
    [
        .. from row in Rows()
           where plan.Cpus.Contains(row.Cpus)
           from name in s_layouts.Select((name, index) => (name, index))
           let layout = plan.Layouts.First(layout => layout.Name == name.name)
           let rate = MmtestsTable.Metrics.First(metric => $"{plan.Unit}/{metric.Name}" == row.Metric).Rate
           select new ValidationFigures(
               $"{row.Metric} {name.name}", row.Cpus, row.Values[name.index],
               HarmonicMean.Of(MmtestsTable.Cell(cells, layout, row.Cpus).Runs, rate), "1/s", Source),
    ];

    /// <summary>Prints both, the error, and whether the sign of the change is right.</summary>
    public static void Write(Output output, IReadOnlyList<ValidationFigures> rows)
    {
        output.Line();
        output.Line("Prediction beside the published measurement (rows for 1 CPU and stock say how well one CPU is modelled)");
        var table = new TextTable(
            "Metric", ">CPUs", ">stock", ">predicted", ">error", ">line4", ">predicted", ">error", ">change", ">predicted",
            "sign");
        foreach (ValidationFigures[] pair in rows.Chunk(s_layouts.Length))
        {
            (ValidationFigures stock, ValidationFigures line4) = (pair[0], pair[1]);
            double measured = (line4.Measured / stock.Measured) - 1;
            double predicted = (line4.Predicted / stock.Predicted) - 1;
            table.Add(
                stock.What.Split(' ')[0], stock.Cpus.ToString(CultureInfo.InvariantCulture),
                Figures.Count(stock.Measured), Figures.Count(stock.Predicted), Error(stock),
                Figures.Count(line4.Measured), Figures.Count(line4.Predicted), Error(line4),
                Percent(measured), Percent(predicted), Math.Sign(measured) == Math.Sign(predicted) ? "same" : "other");
        }

        output.Write(table);
        output.Line($"measured: {Source}");
    }

    private static string Error(ValidationFigures row) => Percent((row.Predicted / row.Measured) - 1);

    private static string Percent(double share)
        => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + "%";

    private static IEnumerable<(string Metric, int Cpus, double[] Values)> Rows()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("validation/pft-threads")!;
        using var reader = new StreamReader(stream);
        foreach (string line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] cells = line.Split(',');
            if (line[0] != '#' && cells.Length == 4 && int.TryParse(cells[1], CultureInfo.InvariantCulture, out int cpus))
            {
                yield return (cells[0], cpus,
                    [.. cells[2..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
            }
        }
    }
}
