using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What <c>compare</c> prints.</summary>
internal static class CompareReport
{
    private const int MostLines = 40;

    public static void Write(Output output, RunComparison comparison, IReadOnlyList<string> warnings)
    {
        output.Line($"compare {comparison.Before} with {comparison.After}: "
            + $"{Figures.Count(comparison.Common, "item")} in both, "
            + $"{comparison.OnlyBefore.Count} only before, {comparison.OnlyAfter.Count} only after");
        foreach (string note in comparison.Notes.Concat(warnings.Select(warning => $"warning: {warning}")))
        {
            output.Line(note);
        }

        Write(output, "verdicts", comparison.Verdicts.Select(
            change => $"{(change.IsWorse ? "WORSE " : "")}{change.Key}: {change.Before} -> {change.After}"));
        Write(output, "counts", comparison.Counts.Select(
            change => $"{change.Key}, {change.Name}: {Figures.Count(change.Before)} -> {Figures.Count(change.After)}"));
        Write(output, "new bugs", comparison.NewBugs);
        Write(output, "gone bugs", comparison.GoneBugs);
        Write(output, "order of locks", comparison.LockOrder);
        WriteRates(output, comparison.Rates);
        WriteTimes(output, comparison.Times);
        output.Line();
        output.Line(
            comparison.IsRegression ? "worse" : "not worse",
            comparison.IsRegression ? Color.Red : Color.Green,
            $": {comparison.Verdicts.Count(change => change.IsWorse)} verdicts, {comparison.Counts.Count} counts, "
            + $"{comparison.Rates.Count(change => change.IsWorse)} rates, "
            + $"{comparison.Times.Count(time => time.Verdict == SeriesVerdict.Regression)} benchmarks");
    }

    private static void WriteRates(Output output, IReadOnlyList<RateChange> rates)
    {
        if (rates.Count == 0)
        {
            return;
        }

        var table = new TextTable("", "item", ">before", ">after", ">change", "in earlier nights");
        foreach (RateChange rate in rates)
        {
            table.Add(
                rate.IsWorse ? "WORSE" : rate.IsBetter ? "better" : rate.Band is null ? "?" : "same",
                $"{rate.Key}, {rate.Name}",
                Figures.Count(rate.Before),
                Figures.Count(rate.After),
                rate.Before == 0 ? "-" : Figures.Share(rate.After - rate.Before, rate.Before),
                rate.Band is { } band
                    ? $"{Figures.Count(band.Low)} to {Figures.Count(band.High)} in {band.Nights}"
                    : $"fewer than {RateBand.LeastNights}");
        }

        output.Write(table);
    }

    private static void WriteTimes(Output output, IReadOnlyList<SeriesComparison> times)
    {
        if (times.Count == 0)
        {
            return;
        }

        var table = new TextTable("", "benchmark", ">ratio", ">noise band", ">p", "");
        foreach (SeriesComparison time in times)
        {
            table.Add(
                time.Verdict switch
                {
                    SeriesVerdict.Regression => "SLOWER",
                    SeriesVerdict.Improvement => "faster",
                    SeriesVerdict.WithinNoise => "same",
                    _ => "?",
                },
                time.Name,
                time.Ratio.ToString("0.000", CultureInfo.InvariantCulture),
                Figures.Share(time.NoiseBand, 1),
                time.Probability.ToString("0.0000", CultureInfo.InvariantCulture),
                time.Reason);
        }

        output.Write(table);
    }

    private static void Write(Output output, string title, IEnumerable<string> lines)
    {
        List<string> all = [.. lines];
        if (all.Count == 0)
        {
            return;
        }

        output.Line();
        output.Line($"{title}: {all.Count}");
        foreach (string line in all.Take(MostLines))
        {
            output.Line($"  {line}");
        }

        if (all.Count > MostLines)
        {
            output.Line($"  and {all.Count - MostLines} more; --json has them all");
        }
    }
}
