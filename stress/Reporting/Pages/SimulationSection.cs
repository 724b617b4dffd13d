using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>A simulation on a page: the curve of each layout, the field that costs most, the lines that were fought
/// for, and the prediction beside the measurement.</summary>
internal static class SimulationSection
{
    private const string Rate = "faults/sec ";
    private const int MostLines = 6;
    private const int MostWords = 4;

    public static void AddTo(Page page, SimulationFigures figures, string scenario)
    {
        page.Element("p", $"{figures.Title}; adjacent-line prefetcher {(figures.Prefetches ? "on" : "off")}; "
            + $"{Figures.Count(figures.Operations)} operations on each CPU.", "note");
        AddChart(page, figures, scenario);
        AddRates(page, figures);
        AddField(page, figures.Field);
        AddLines(page, figures);
        AddValidation(page, figures.Validation);
    }

    private static void AddChart(Page page, SimulationFigures figures, string scenario)
    {
        string[] layouts = [.. figures.Cells.Select(cell => cell.Layout).Distinct()];
        double[] cpus = [.. figures.Cells.Select(cell => (double)cell.Cpus).Distinct().Order()];
        if (cpus.Length < 2)
        {
            return;
        }

        (string Layout, double Cpus, double Rate)[] measured = [.. Measured(figures)];
        ChartSeries[] series =
        [
            .. layouts.SelectMany(layout => new[]
            {
                new ChartSeries(layout, ChartSeries.Along(
                    cpus, Of(figures, layout).Select(cell => ((double)cell.Cpus, cell.PerSecond)))),
                new ChartSeries($"{layout} measured", ChartSeries.Along(
                    cpus, measured.Where(point => point.Layout == layout).Select(point => (point.Cpus, point.Rate))),
                    IsMeasured: true),
            }).Where(line => line.Values.Any(value => value is not null)),
        ];
        string summary = string.Join("; ", layouts.Select(layout =>
            $"{layout} reaches {Figures.Count(Of(figures, layout).Last().PerSecond)} a second on "
            + $"{Figures.Count(Of(figures, layout).Last().Cpus, "CPU")}"));
        new Chart($"{scenario}: operations a second by number of CPUs, simulated", "CPUs", cpus, series)
            .AddTo(page, summary);
        if (measured.Length > 0)
        {
            page.Element("p", "Dotted: measured on the machine itself.", "note");
        }
    }

    private static IEnumerable<SimulationCellFigures> Of(SimulationFigures figures, string layout)
        => figures.Cells.Where(cell => cell.Layout == layout).OrderBy(cell => cell.Cpus);

    private static IEnumerable<(string Layout, double Cpus, double Rate)> Measured(SimulationFigures figures)
        => (figures.Validation ?? []).Where(row => row.What.StartsWith(Rate, StringComparison.Ordinal))
            .Select(row => (row.What[Rate.Length..].Split(' ')[0], (double)row.Cpus, row.Measured));

    private static void AddRates(Page page, SimulationFigures figures)
        => page.Table(
            "Rates: harmonic means, change against the first layout, and the times of the first iteration",
            [">CPUs", "layout", ">a second", ">a CPU second", ">change", ">user s", ">system s", ">elapsed s",
                ">off CPU s"],
            figures.Cells.Select(cell => new[]
            {
                Figures.Count(cell.Cpus), cell.Layout, Figures.Count(cell.PerSecond), Figures.Count(cell.PerCpuSecond),
                Percent(cell.Change), Seconds(cell.UserSeconds), Seconds(cell.SystemSeconds),
                Seconds(cell.ElapsedSeconds), Seconds(cell.AsleepSeconds),
            }));

    private static void AddField(Page page, FieldFigures? field)
    {
        if (field is not null)
        {
            page.Element("h3", "The field that costs most").Element(
                "p",
                $"{field.Object}.{field.Field} of {field.Layout}, at offset {field.Offset}. Moved alone to a pair of "
                + $"lines of its own, the rate goes from {Figures.Count(field.Before)} to {Figures.Count(field.After)} "
                + $"a second ({Percent((field.After / field.Before) - 1)}).");
        }
    }

    private static void AddLines(Page page, SimulationFigures figures)
    {
        int cpus = figures.Cells.Max(cell => cell.Cpus);
        foreach (SimulationCellFigures cell in figures.Cells.Where(cell => cell.Cpus == cpus && cell.Lines.Count > 0))
        {
            page.Table(
                $"Lines that {cell.Layout} fights for on {Figures.Count(cpus, "CPU")}, the worst first; the columns are "
                    + "those of perf c2c",
                ["line", ">lines", "field", "operation", ">LclHitm", ">RmtHitm", ">L1Hit", ">L1Miss", ">lost ms"],
                cell.Lines.Take(MostLines).SelectMany(line => line.Words.Take(MostWords).Select(word => new[]
                {
                    $"{line.Object}{line.Offset:+0;-0;+0}", Figures.Count(line.Lines), word.Field, word.Operation,
                    Figures.Count(word.HitmLocal), Figures.Count(word.HitmRemote), Figures.Count(word.StoreHits), Figures.Count(word.StoreMisses),
                    (word.LostNs / 1e6).ToString("F2", CultureInfo.InvariantCulture),
                })));
        }
    }

    private static void AddValidation(Page page, IReadOnlyList<ValidationFigures>? rows)
    {
        if (rows is not null)
        {
            page.Table(
                $"Prediction and measurement; measured: {rows[0].Source}",
                ["what", ">CPUs", ">measured", ">predicted", ">error"],
                rows.Select(row => new[]
                {
                    row.What, Figures.Count(row.Cpus), Figures.Count(row.Measured), Figures.Count(row.Predicted),
                    Percent((row.Predicted / row.Measured) - 1),
                }));
        }
    }

    private static string Percent(double share)
        => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + "%";

    private static string Seconds(double seconds) => seconds.ToString("F4", CultureInfo.InvariantCulture);
}
