using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>How near the night came to a violation, and the figures of the nights before it.</summary>
internal static class TrendSection
{
    private const string OperationRate = "operations/s";
    private const string ScheduleRate = "schedules/s";
    private const int LeastNights = 2;
    private const int MostLines = 6;

    public static bool IsIn(ReportData data)
        => data.Summary.Night is { } night
            && (night.ChangedCounts.Count > 0 || night.NearMisses.Count > 0 || data.Before.Count > 0);

    public static void AddTo(Page page, ReportData data)
    {
        if (!IsIn(data))
        {
            return;
        }

        page.Section("trends", "Trends");
        IReadOnlyList<NearMiss> near = data.Summary.Night!.NearMisses;
        if (near.Count > 0)
        {
            page.Table(
                "Nearest to a violation tonight: 1 is far, 0 is one",
                ["kind", "item", ">distance"],
                near.Select(miss => new[] { miss.Kind, miss.Where, Number(miss.Distance) }));
        }

        IReadOnlyList<string> changed = data.Summary.Night!.ChangedCounts;
        if (changed.Count > 0)
        {
            page.Table(
                "Counts that the seed alone decides, and that are not those of the last night: only another model, layout or "
                    + "machine explains them",
                ["item: count"],
                changed.Select(change => new[] { change }));
        }

        IReadOnlyList<NightRecord> nights = data.Nights;
        if (nights.Count < LeastNights)
        {
            page.Element("p", "From the second night on, the nights stand here side by side.", "note").End();
            return;
        }

        AddChart(page, nights, "Distance to a violation by night", near.Select(miss => miss.Kind).Distinct(),
            (night, kind) => night.NearMisses.FirstOrDefault(miss => miss.Kind == kind)?.Distance);
        AddChart(page, nights, "Operations a second of real threads by night", Keys(data, OperationRate),
            (night, key) => Rate(night, key, OperationRate));
        AddChart(page, nights, "Schedules a second by night, mean of all clean items", ["all"],
            (night, _) => MeanRate(night));
        page.End();
    }

    // The items of tonight that take the longest: those of all would be a chart of hundreds of lines.
    private static IEnumerable<string> Keys(ReportData data, string rate)
        => data.Nights[^1].Items.Where(item => item.Rates.ContainsKey(rate))
            .OrderByDescending(item => item.Seconds).Take(MostLines).Select(item => item.Key);

    private static double? Rate(NightRecord night, string key, string rate)
        => night.Items.FirstOrDefault(item => item.Key == key) is { } item && item.Rates.TryGetValue(rate, out double value)
            ? value : null;

    private static double? MeanRate(NightRecord night)
    {
        double[] rates =
        [
            .. night.Items.Where(item => item.Rates.ContainsKey(ScheduleRate)).Select(item => item.Rates[ScheduleRate]),
        ];
        return rates.Length == 0 ? null : rates.Average();
    }

    private static void AddChart(
        Page page, IReadOnlyList<NightRecord> nights, string title, IEnumerable<string> names,
        System.Func<NightRecord, string, double?> value)
    {
        double[] x = [.. Enumerable.Range(1, nights.Count).Select(n => (double)n)];
        ChartSeries[] series =
        [
            .. names.Select(name => new ChartSeries(name, [.. nights.Select(night => value(night, name))]))
                .Where(line => line.Values.Any(point => point is not null)),
        ];
        if (series.Length == 0)
        {
            return;
        }

        string[] days = [.. nights.Select(night => night.Started.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture))];
        new Chart(title, "night", x, series) { Ticks = days }.AddTo(page, "The figures stand in the table below");
        page.Raw("<details><summary>The figures</summary>\n").Table(
            title,
            ["night", .. series.Select(line => ">" + line.Name)],
            days.Select((day, i) => new[] { day }.Concat(series.Select(line => Number(line.Values[i]))).ToArray()))
            .Raw("</details>\n");
    }

    private static string Number(double? value)
        => value is not { } number ? "-" : number < 10 ? number.ToString("0.0000", CultureInfo.InvariantCulture)
            : Figures.Count(number);
}
