using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stress.Reporting.Pages;

/// <summary>A chart of lines over one axis, drawn by uPlot; its figures stand in a table beside it, so that nobody needs
/// the drawing.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Axis">What the x axis is.</param>
/// <param name="X">Its values.</param>
/// <param name="Series">The lines, each with a value or none for every x.</param>
internal sealed record Chart(string Title, string Axis, IReadOnlyList<double> X, IReadOnlyList<ChartSeries> Series)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        // The browser's parser of HTML must not find the end of the script in a name.
        Encoder = JavaScriptEncoder.Default,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>What the ticks of the x axis say, where those are not numbers.</summary>
    public IReadOnlyList<string>? Ticks { get; init; }

    /// <summary>Puts it on a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="summary">The same in words, for who cannot see it.</param>
    public void AddTo(Page page, string summary)
    {
        page.Raw($"<figure>\n<figcaption>{Page.Text(Title)}</figcaption>\n"
            + $"<div class=\"chart\" role=\"img\" aria-label=\"{Page.Text($"{Title}. {summary}")}\">"
            + $"<script type=\"application/json\">{JsonSerializer.Serialize(this, s_json)}</script></div>\n</figure>\n");
        page.Run($"/* uPlot\n{Assets.Text("uplot/LICENSE")}*/\n{Assets.Text("uplot/uPlot.iife.min.js")}");
        page.Run(Assets.Text("charts.js"));
    }

    /// <summary>The styles of charts.</summary>
    public static string Style => Assets.Text("uplot/uPlot.min.css") + "\n";
}

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">By x; null where there is none.</param>
/// <param name="IsMeasured">Whether it was measured, not predicted: it is dashed.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<double?> Values, bool IsMeasured = false)
{
    /// <summary>Puts what was measured at some places of the axis to all of them.</summary>
    public static IReadOnlyList<double?> Along(IReadOnlyList<double> x, IEnumerable<(double X, double Value)> points)
    {
        Dictionary<double, double> known = points.GroupBy(point => point.X)
            .ToDictionary(same => same.Key, same => same.First().Value);
        return [.. x.Select(at => known.TryGetValue(at, out double value) ? value : (double?)null)];
    }
}
