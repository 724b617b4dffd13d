using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Text;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>A simulation as one page that needs no network: the curve of each layout, the lines that cost, and the
/// prediction beside the measurement.</summary>
internal static class SimulationPage
{
    private const double Width = 760;
    private const double Height = 360;
    private const double Left = 64;
    private const double Right = 150;
    private const double Top = 16;
    private const double Bottom = 44;
    private const int Series = 7;

    public static string Of(string scenario, SimulationFigures figures)
    {
        var page = new StringBuilder();
        string title = $"{scenario} on {figures.Machine}";
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(title)}</title>\n<style>\n{Style()}</style>\n</head>\n<body>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>{Text(title)}</h1>\n<p>{Text(figures.Title)}; adjacent-line ")
            .Append(CultureInfo.InvariantCulture, $"prefetcher {(figures.Prefetches ? "on" : "off")}; ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Count(figures.Operations)} operations on each CPU.</p>\n");
        AppendChart(page, figures);
        AppendRates(page, figures);
        AppendField(page, figures.Field);
        AppendLines(page, figures);
        AppendValidation(page, figures.Validation);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendChart(StringBuilder page, SimulationFigures figures)
    {
        string[] layouts = [.. figures.Cells.Select(cell => cell.Layout).Distinct()];
        double mostCpus = figures.Cells.Max(cell => cell.Cpus);
        double most = figures.Cells.Max(cell => cell.PerSecond);
        most = Math.Max(most, Measured(figures).Select(point => point.Rate).DefaultIfEmpty().Max()) * 1.05;
        string X(double cpus) => Number(Left + ((Width - Left - Right) * cpus / mostCpus));
        string Y(double rate) => Number(Height - Bottom - ((Height - Top - Bottom) * rate / most));
        string about = string.Join("; ", layouts.Select(layout => layout + " reaches "
            + Figures.Count(figures.Cells.Last(cell => cell.Layout == layout).PerSecond) + " a second"));
        page.Append(CultureInfo.InvariantCulture, $"<h2>Operations a second</h2>\n<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" ")
            .Append(CultureInfo.InvariantCulture, $"aria-label=\"Operations a second by number of CPUs: {Text(about)}\">\n");
        for (int i = 0; i <= 4; i++)
        {
            string y = Y(most * i / 4);
            page.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Number(Left)}\" x2=\"{Number(Width - Right)}\" y1=\"{y}\" y2=\"{y}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(Left - 6)}\" y=\"{y}\" text-anchor=\"end\" dominant-baseline=\"middle\">{most * i / 4 / 1e6:F1}M</text>\n");
        }

        foreach (int cpus in figures.Cells.Select(cell => cell.Cpus).Distinct())
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(cpus)}\" y=\"{Number(Height - Bottom + 20)}\" text-anchor=\"middle\">{cpus}</text>\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(mostCpus / 2)}\" y=\"{Number(Height - 6)}\" text-anchor=\"middle\">CPUs</text>\n");
        for (int i = 0; i < layouts.Length; i++)
        {
            SimulationCellFigures[] cells = [.. figures.Cells.Where(cell => cell.Layout == layouts[i])];
            AppendCurve(page, i, "line", cells.Select(cell => (X(cell.Cpus), Y(cell.PerSecond))), layouts[i], i);
            (int Cpus, double Rate)[] measured = [.. Measured(figures).Where(point => point.Layout == layouts[i]).Select(point => (point.Cpus, point.Rate))];
            if (measured.Length > 0)
            {
                AppendCurve(page, i, "line measured", measured.Select(point => (X(point.Cpus), Y(point.Rate))), "", i);
            }
        }

        page.Append("</svg>\n");
        if (figures.Validation is not null)
        {
            page.Append("<p class=\"note\">Whole lines: predicted. Dotted: measured on the machine itself.</p>\n");
        }
    }

    // Names stand under each other at the right, so that curves that end together keep theirs apart.
    private static void AppendCurve(
        StringBuilder page, int series, string style, IEnumerable<(string X, string Y)> points, string name, int row)
    {
        (string X, string Y)[] all = [.. points];
        page.Append(CultureInfo.InvariantCulture, $"<g class=\"s{series % Series}\"><polyline class=\"{style}\" points=\"")
            .AppendJoin(' ', all.Select(point => $"{point.X},{point.Y}")).Append("\"/>");
        foreach ((string x, string y) in all)
        {
            page.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" r=\"3\" cx=\"{x}\" cy=\"{y}\"/>");
        }

        if (name.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text class=\"tag\" x=\"{Number(Width - Right + 10)}\" y=\"{Number(Top + 14 + (20 * row))}\">{Text(name)}</text>");
        }

        page.Append("</g>\n");
    }

    private static IEnumerable<(string Layout, int Cpus, double Rate)> Measured(SimulationFigures figures)
        => (figures.Validation ?? []).Where(row => row.What.StartsWith("faults/sec ", StringComparison.Ordinal))
            .Select(row => (row.What.Split(' ')[1], row.Cpus, row.Measured));

    private static void AppendRates(StringBuilder page, SimulationFigures figures)
    {
        page.Append("<h2>Rates</h2>\n");
        AppendTable(
            page, ["CPUs", "Layout", "a second", "a CPU second", "change", "user s", "system s", "elapsed s", "off CPU s"],
            figures.Cells.Select(cell => new[]
            {
                Number(cell.Cpus), cell.Layout, Figures.Count(cell.PerSecond), Figures.Count(cell.PerCpuSecond),
                (100 * cell.Change).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + "%",
                Seconds(cell.UserSeconds), Seconds(cell.SystemSeconds), Seconds(cell.ElapsedSeconds), Seconds(cell.AsleepSeconds),
            }));
    }

    private static void AppendField(StringBuilder page, FieldFigures? field)
    {
        if (field is not null)
        {
            double change = 100 * ((field.After / field.Before) - 1);
            page.Append("<h2>The field that costs most</h2>\n<p>")
                .Append(CultureInfo.InvariantCulture, $"{Text($"{field.Object}.{field.Field}")} of {Text(field.Layout)}, at offset ")
                .Append(CultureInfo.InvariantCulture, $"{field.Offset}. Moved alone to a pair of lines of its own, the rate goes ")
                .Append(CultureInfo.InvariantCulture, $"from {Figures.Count(field.Before)} to {Figures.Count(field.After)} ")
                .Append(CultureInfo.InvariantCulture, $"a second ({change.ToString("+0.00;-0.00", CultureInfo.InvariantCulture)}%).</p>\n");
        }
    }

    private static void AppendLines(StringBuilder page, SimulationFigures figures)
    {
        int cpus = figures.Cells.Max(cell => cell.Cpus);
        foreach (SimulationCellFigures cell in figures.Cells.Where(cell => cell.Cpus == cpus && cell.Lines.Count > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>Lines of {Text(cell.Layout)}, {cpus} CPUs</h2>\n");
            AppendTable(
                page, ["Line", "Field", "Operation", "HITM local", "HITM remote", "stores hit", "stores miss", "lost ms"],
                cell.Lines.Take(6).SelectMany(line => line.Words.Take(4).Select(word => new[]
                {
                    $"{line.Object}{line.Offset:+0;-0;+0}", word.Field, word.Operation, Figures.Count(word.HitmLocal),
                    Figures.Count(word.HitmRemote), Figures.Count(word.StoreHits), Figures.Count(word.StoreMisses),
                    (word.LostNs / 1e6).ToString("F2", CultureInfo.InvariantCulture),
                })));
        }
    }

    private static void AppendValidation(StringBuilder page, IReadOnlyList<ValidationFigures>? rows)
    {
        if (rows is null)
        {
            return;
        }

        page.Append("<h2>Prediction and measurement</h2>\n");
        AppendTable(
            page, ["What", "CPUs", "measured", "predicted", "error"],
            rows.Select(row => new[]
            {
                row.What, Number(row.Cpus), Figures.Count(row.Measured), Figures.Count(row.Predicted),
                (100 * ((row.Predicted / row.Measured) - 1)).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + "%",
            }));
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Measured: {Text(rows[0].Source)}.</p>\n");
    }

    private static void AppendTable(StringBuilder page, string[] heads, IEnumerable<string[]> rows)
    {
        page.Append("<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (string head in heads)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Text(head)}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        foreach (string[] row in rows)
        {
            page.Append("<tr>");
            foreach (string cell in row)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static string Style()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("simulation/simulation.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Seconds(double seconds) => seconds.ToString("F4", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
