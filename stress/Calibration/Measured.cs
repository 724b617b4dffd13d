using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Calibration;

/// <summary>One time of the host, from many samples.</summary>
/// <param name="Nanoseconds">The value that is used: a quarter of the samples are faster. What disturbs a sample only
/// ever makes it slower.</param>
/// <param name="Fastest">The fastest sample.</param>
/// <param name="Median">The median sample.</param>
/// <param name="Samples">How many samples.</param>
internal sealed record Measured(double Nanoseconds, double Fastest, double Median, int Samples)
{
    /// <summary>How far the value may be off: the part by which the median exceeds the fastest sample.</summary>
    public double Spread => (Median / Fastest) - 1;

    /// <summary>The value of many samples.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Measured Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("There are no samples.", nameof(samples))
            : new Measured(sorted[sorted.Length / 4], sorted[0], sorted[sorted.Length / 2], sorted.Length);
    }

    /// <summary>The value of several places that are alike, such as all pairs of CPUs of one socket: the median place.
    /// </summary>
    public static Measured Of(IReadOnlyList<Measured> places)
        => new(
            MiddleOf(places.Select(static place => place.Nanoseconds)),
            places.Min(static place => place.Fastest),
            MiddleOf(places.Select(static place => place.Median)),
            places.Sum(static place => place.Samples));

    private static double MiddleOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
