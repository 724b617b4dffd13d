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
        => data.Items.Any(item => item.Simulated is not null || item.Timed is not null);

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

        RunItem[] timed = [.. data.Items.Where(item => item.Timed is not null)];
        if (timed.Length > 0)
        {
            AddMeasured(page, timed);
        }

        page.End();
    }

    private static void AddMeasured(Page page, IReadOnlyList<RunItem> items)
    {
        page.Element("h3", "Measured on this machine");
        foreach (IGrouping<string, RunItem> benchmark in items.GroupBy(item => item.Scenario.Split('(')[0]))
        {
            double[] threads =
                [.. benchmark.Select(item => item.Timed!.Threads).OfType<int>().Select(n => (double)n).Distinct().Order()];
            if (threads.Length > 1)
            {
                ChartSeries[] series =
                [
                    .. benchmark.GroupBy(item => item.Variant).Select(layout => new ChartSeries(
                        layout.Key,
                        ChartSeries.Along(threads, layout.Where(item => item.Timed!.Threads is not null)
                            .Select(item => ((double)item.Timed!.Threads!.Value, item.Timed.MedianNs))),
                        IsMeasured: true)),
                ];
                new Chart($"{benchmark.Key}: ns an operation by number of threads, measured", "threads", threads, series)
                    .AddTo(page, $"The figures stand in the table of {benchmark.Key}");
            }
        }

        page.Table(
            "Times: median of the iterations; the ratio is to the first layout, with its interval",
            ["benchmark", "variant", ">threads", ">ns", ">fastest ns", ">ratio", ">interval", "verdict"],
            items.Select(item => new[]
            {
                item.Scenario, item.Variant, item.Timed!.Threads?.ToString(CultureInfo.InvariantCulture) ?? "-",
                Number(item.Timed.MedianNs), Number(item.Timed.MinNs),
                item.Timed.Ratio is { } ratio ? Number(ratio.Ratio) : "-",
                item.Timed.Ratio is { } bounds ? $"{Number(bounds.Low)} to {Number(bounds.High)}" : "-",
                item.Verdict,
            }));
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
