using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Bench;

/// <summary>Writes times for people.</summary>
internal static class BenchReport
{
    /// <summary>A table for each class of benchmarks.</summary>
    public static void WriteTimes(Output output, BenchmarkFile timed)
    {
        var bands = new NoiseBand(timed.Series);
        foreach (IGrouping<string, BenchmarkSeries> group in timed.Series.GroupBy(static series => series.Group))
        {
            var table = new TextTable(
                group.Key, ">median ns", ">min ns", ">ratio", ">95% interval", ">A/A", ">noise band");
            foreach (BenchmarkSeries series in group.OrderBy(static series => series.Threads))
            {
                BenchmarkSeries? first = RatioEstimate.BaselineOf(series, timed.Series);
                RatioEstimate? ratio = first is null ? null : RatioEstimate.Of(series, first);
                table.Add(
                    series.Name[(group.Key.Length + 1)..],
                    Number(Medians.Of(series), "N1"),
                    Number(series.Passes.SelectMany(static pass => pass).Min(), "N1"),
                    first is null ? "1" : ratio is null ? "-" : Number(ratio.Ratio, "N3"),
                    ratio is null ? "" : Interval(ratio),
                    Percent(Medians.DifferenceFromItself(series)),
                    Percent(bands.Of(series.Name)));
            }

            output.Write(table);
        }

        if (timed.IsHostBusy)
        {
            output.Line();
            output.Line(
                $"the host is busy: {Number(timed.HostLoad!.Value, "N1")} tasks for {timed.Host.Processors} processors; "
                + "times of several threads are those of its scheduler, and the fastest says more than the median");
        }
    }

    /// <summary>What differs from the baseline run.</summary>
    public static void WriteComparison(
        Output output, string baseline, IReadOnlyList<SeriesComparison> compared,
        (int Compared, IReadOnlyList<CountComparison> Changed) counts)
    {
        output.Line();
        int within = compared.Count(static one => one.Verdict == SeriesVerdict.WithinNoise);
        output.Line($"against {baseline}: {within} of {compared.Count} within the noise");
        foreach (SeriesComparison one in compared.Where(static one => one.Verdict != SeriesVerdict.WithinNoise))
        {
            Write(output, one);
        }

        if (counts.Compared > 0)
        {
            output.Line(
                $"simulated  {Figures.Count(counts.Compared, "simulation")} compared, "
                + $"{Figures.Count(counts.Changed.Count, "count")} changed");
        }

        foreach (CountComparison count in counts.Changed)
        {
            output.Line(
                count.IsRegression ? "regression" : "improvement",
                count.IsRegression ? Color.Red : Color.Green,
                $"  {count.Layout}, {Figures.Count(count.Cpus, "CPU")}: {count.Count} "
                + $"{count.Before:N0} -> {count.Now:N0}");
        }
    }

    /// <summary>An interval of ratios: <c>0.981 .. 1.024</c>.</summary>
    public static string Interval(RatioEstimate ratio) => $"{Number(ratio.Low, "N3")} .. {Number(ratio.High, "N3")}";

    private static void Write(Output output, SeriesComparison one)
    {
        string times = $"{one.Name}: {Number(one.Ratio, "N3")} times, noise band {Percent(one.NoiseBand)}, "
            + $"p {one.Probability.ToString("G2", CultureInfo.InvariantCulture)}";
        switch (one.Verdict)
        {
            case SeriesVerdict.Regression:
                output.Line("regression", Color.Red, $"  {times}");
                break;
            case SeriesVerdict.Improvement:
                output.Line("improvement", Color.Green, $" {times}");
                break;
            default:
                output.Line("not compared", Color.Yellow, $" {one.Name} {one.Reason}");
                break;
        }
    }

    private static string Percent(double? share)
        => share is null ? "-" : (100 * share.Value).ToString("N1", CultureInfo.InvariantCulture) + "%";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
