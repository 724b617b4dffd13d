using System;
using System.Collections.Generic;
using System.Linq;
using Perfolizer;
using Perfolizer.Mathematics.SignificanceTesting.Base;
using Perfolizer.Mathematics.SignificanceTesting.MannWhitney;
using Perfolizer.Metrology;

namespace Stress.Results;

/// <summary>A run's times against those of an earlier run.</summary>
public static class BenchmarkComparison
{
    /// <summary>Below this probability a difference is taken for one.</summary>
    public const double Significance = 0.01;

    /// <summary>The fewest iterations of a series that are compared: with less, no difference would be significant.
    /// </summary>
    public const int FewestIterations = 8;

    /// <summary>Compares everything that both runs have timed.</summary>
    /// <returns>A comparison for each series of the new run, in its order. On a busy host, threads that are to run
    /// together wait for each other's processor, some times for the whole of a run, so what several of them took is not
    /// compared.</returns>
    /// <exception cref="BenchmarkFileException">The runs are of different hosts.</exception>
    public static IReadOnlyList<SeriesComparison> Of(BenchmarkFile now, BenchmarkFile before)
    {
        if (now.Host.Architecture != before.Host.Architecture || now.Host.Processors != before.Host.Processors)
        {
            throw new BenchmarkFileException(
                $"the runs are of different hosts: {before.Host.Processors} processors of "
                + $"{before.Host.Architecture} then, {now.Host.Processors} of {now.Host.Architecture} now; times of different hosts are not compared");
        }

        var bandNow = new NoiseBand(now.Series);
        var bandBefore = new NoiseBand(before.Series);
        return
        [
            .. now.Series.Select(series =>
            {
                BenchmarkSeries? earlier = before.Series.FirstOrDefault(other => other.Name == series.Name);
                return earlier is null ? SeriesComparison.Refused(series, "was not timed in the baseline")
                    : series.Threads > 1 && (now.IsHostBusy || before.IsHostBusy)
                        ? SeriesComparison.Refused(series, "was timed on a busy host: threads waited for a processor")
                    : Compare(series, earlier, bandNow.Of(series.Name), bandBefore.Of(series.Name));
            }),
        ];
    }

    /// <summary>Compares a series with an earlier one of the same benchmark.</summary>
    /// <param name="now">The series.</param>
    /// <param name="before">The earlier one.</param>
    /// <param name="bandNow">The noise of the run; null when it was not measured.</param>
    /// <param name="bandBefore">The noise of the earlier run; null when it was not measured.</param>
    /// <remarks>
    /// Mann and Whitney's test, one-sided, of the times against the earlier ones moved by the noise band: significant
    /// means that the times are greater, or smaller, by more than the band.
    /// </remarks>
    public static SeriesComparison Compare(
        BenchmarkSeries now, BenchmarkSeries before, double? bandNow, double? bandBefore)
    {
        double[] values = [.. now.Passes.SelectMany(static pass => pass)];
        double[] earlier = [.. before.Passes.SelectMany(static pass => pass)];
        int fewest = Math.Min(values.Length, earlier.Length);
        if (fewest < FewestIterations)
        {
            return SeriesComparison.Refused(
                now, $"has {fewest} iterations in one of the runs; a comparison needs {FewestIterations}");
        }

        if (bandNow is null || bandBefore is null)
        {
            return SeriesComparison.Refused(now, "was measured in one pass only, so its noise is not known");
        }

        double band = Math.Max(bandNow.Value, bandBefore.Value);
        double slower = Probability(values, earlier, 1 + band, AlternativeHypothesis.Greater);
        double faster = Probability(values, earlier, 1 / (1 + band), AlternativeHypothesis.Less);
        return new SeriesComparison(
            now.Name,
            slower < Significance ? SeriesVerdict.Regression
                : faster < Significance ? SeriesVerdict.Improvement
                : SeriesVerdict.WithinNoise,
            Medians.Of(values) / Medians.Of(earlier),
            band,
            Math.Min(slower, faster),
            "");
    }

    private static double Probability(double[] now, double[] before, double factor, AlternativeHypothesis alternative)
        => MannWhitneyTest.Instance.Perform(
            new Sample(now),
            new Sample([.. before.Select(value => value * factor)]),
            alternative,
            Threshold.Zero).PValue;
}

/// <summary>What a comparison came to.</summary>
public enum SeriesVerdict
{
    /// <summary>No difference beyond the noise.</summary>
    WithinNoise,

    /// <summary>Slower than before, by more than the noise.</summary>
    Regression,

    /// <summary>Faster than before, by more than the noise.</summary>
    Improvement,

    /// <summary>It could not be compared.</summary>
    NotCompared,
}

/// <summary>One series against an earlier one.</summary>
/// <param name="Name">The series.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Ratio">Median over the earlier median: above 1 is slower.</param>
/// <param name="NoiseBand">The difference that is noise: 0.05 for 5 %.</param>
/// <param name="Probability">Of such times if there were no difference beyond the band.</param>
/// <param name="Reason">Why it was not compared; empty when it was.</param>
public sealed record SeriesComparison(
    string Name, SeriesVerdict Verdict, double Ratio, double NoiseBand, double Probability, string Reason)
{
    internal static SeriesComparison Refused(BenchmarkSeries series, string reason)
        => new(series.Name, SeriesVerdict.NotCompared, 1, 0, 1, reason);
}
