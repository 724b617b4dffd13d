using System;
using System.Collections.Generic;
using System.Linq;
using Perfolizer.Mathematics.Distributions.ContinuousDistributions;

namespace Stress.Results;

/// <summary>How one benchmark's time relates to another's: time over time, with the interval that holds the true ratio
/// in 95 of 100 runs.</summary>
/// <param name="Ratio">The estimate: above 1 is slower than the baseline.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record RatioEstimate(double Ratio, double Low, double High)
{
    private const double UpperTail = 0.975;

    /// <summary>Whether a ratio lies within the interval.</summary>
    public bool Holds(double ratio) => ratio >= Low && ratio <= High;

    /// <summary>Compares two series of one run.</summary>
    /// <returns>Null when either has fewer than three passes: there is no interval then.</returns>
    /// <remarks>
    /// Each pass measured both, one soon after the other, so a change of the host's speed from pass to pass cancels out
    /// in the ratio of the pass. The interval is Student's, of the logarithms of these ratios: it counts passes and not
    /// iterations, which are no independent measurements.
    /// </remarks>
    public static RatioEstimate? Of(BenchmarkSeries series, BenchmarkSeries baseline)
    {
        int passes = Math.Min(series.Passes.Count, baseline.Passes.Count);
        if (passes < 3)
        {
            return null;
        }

        double[] logs =
        [
            .. Enumerable.Range(0, passes)
                .Select(pass => Math.Log(Medians.Of(series.Passes[pass]) / Medians.Of(baseline.Passes[pass]))),
        ];
        double mean = logs.Average();
        double deviation = Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (passes - 1));
        double reach = new StudentDistribution(passes - 1).Quantile(UpperTail) * deviation / Math.Sqrt(passes);
        return new RatioEstimate(Math.Exp(mean), Math.Exp(mean - reach), Math.Exp(mean + reach));
    }

    /// <summary>The series that a series is compared with within its run: of the same class and number of threads, the
    /// one that the class names, or the first.</summary>
    /// <returns>Null for the baseline itself.</returns>
    public static BenchmarkSeries? BaselineOf(BenchmarkSeries series, IReadOnlyList<BenchmarkSeries> run)
    {
        BenchmarkSeries[] alike =
        [
            .. run.Where(other => other.Group == series.Group && other.Threads == series.Threads),
        ];
        BenchmarkSeries baseline = alike.FirstOrDefault(static other => other.IsBaseline) ?? alike[0];
        return baseline.Name == series.Name ? null : baseline;
    }
}
