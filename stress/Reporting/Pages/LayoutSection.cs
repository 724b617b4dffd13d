using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>Layouts, simulated on the machine that is not at hand and measured on the one that is, side by side.
/// </summary>
internal static class LayoutSection
{
    public static bool IsIn(ReportData data)
        => data.Items.Any(item => item.Simulated is not null || item.Timed is not null || item.Series is not null);

    public static void AddTo(Page page, ReportData data)
    {
        if (!IsIn(data))
        {
            return;
        }

        page.Section("layouts", "Layouts");
        foreach (RunItem item in data.Items.Where(item => item.Simulated is not null))
        {
            page.Element("h3", $"{item.Scenario}, simulated on {item.Simulated!.Machine}");
            SimulationSection.AddTo(page, item.Simulated, item.Scenario);
        }

        SeriesFigures[] timed =
        [
            .. data.Items.Where(item => item.Timed is not null)
                .Select(item => new SeriesFigures(item.Scenario, item.Variant, item.Timed!)),
            .. data.Items.SelectMany(item => item.Series ?? []),
        ];
        if (timed.Length > 0)
        {
            AddMeasured(page, timed);
        }

        page.End();
    }

    private static void AddMeasured(Page page, IReadOnlyList<SeriesFigures> all)
    {
        page.Element("h3", "Measured on this machine");
        foreach (IGrouping<string, SeriesFigures> benchmark in all.GroupBy(series => series.Name.Split('(')[0]))
        {
            double[] threads =
            [
                .. benchmark.Select(series => series.Timed.Threads).OfType<int>().Select(n => (double)n).Distinct().Order(),
            ];
            if (threads.Length > 1)
            {
                ChartSeries[] series =
                [
                    .. benchmark.GroupBy(one => one.Layout ?? "").Select(layout => new ChartSeries(
                        layout.Key,
                        ChartSeries.Along(threads, layout.Where(one => one.Timed.Threads is not null)
                            .Select(one => ((double)one.Timed.Threads!.Value, one.Timed.MedianNs))),
                        IsMeasured: true)),
                ];
                new Chart($"{benchmark.Key}: ns an operation by number of threads, measured", "threads", threads, series)
                    .AddTo(page, "The figures stand in the table of times");
            }
        }

        page.Table(
            "Times: median of the iterations; the ratio is to the first layout, with its interval",
            ["benchmark", "layout", ">threads", ">ns", ">fastest ns", ">ratio", ">interval", "against the last"],
            all.Select(series => new[]
            {
                series.Name, series.Layout ?? "-", series.Timed.Threads?.ToString(CultureInfo.InvariantCulture) ?? "-",
                Number(series.Timed.MedianNs), Number(series.Timed.MinNs),
                series.Timed.Ratio is { } ratio ? Number(ratio.Ratio) : "-",
                series.Timed.Ratio is { } bounds ? $"{Number(bounds.Low)} to {Number(bounds.High)}" : "-",
                Against(series.Timed.Comparison),
            }));
    }

    private static string Against(SeriesComparison? comparison) => comparison?.Verdict switch
    {
        null => "-",
        SeriesVerdict.WithinNoise => "within the noise",
        { } verdict => verdict.ToString().ToLowerInvariant(),
    };

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
