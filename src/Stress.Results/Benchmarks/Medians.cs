using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Results;

/// <summary>Medians, and how far those of the same thing lie apart.</summary>
public static class Medians
{
    /// <summary>The median: the mean of the two in the middle when their number is even.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("There are no values.", nameof(values))
            : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of all iterations of a series.</summary>
    public static double Of(BenchmarkSeries series) => Of(series.Passes.SelectMany(static pass => pass));

    /// <summary>How different a series is from itself: the median of every other pass against that of the passes
    /// between them.</summary>
    /// <returns>By how much the greater exceeds the smaller, 0.05 for 5 %; null for fewer than two passes.</returns>
    public static double? DifferenceFromItself(BenchmarkSeries series)
    {
        if (series.Passes.Count < 2)
        {
            return null;
        }

        double a = Of(series.Passes.Where(static (_, pass) => pass % 2 == 0).SelectMany(static pass => pass));
        double b = Of(series.Passes.Where(static (_, pass) => pass % 2 == 1).SelectMany(static pass => pass));
        return (Math.Max(a, b) / Math.Min(a, b)) - 1;
    }
}
