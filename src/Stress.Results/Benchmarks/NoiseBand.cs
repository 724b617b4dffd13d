using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Results;

/// <summary>How large a difference two measurements of the same thing show, on this host and at this time.</summary>
/// <remarks>
/// Each benchmark is measured twice in the run, in turns with all others (A/A). One such difference says little of the
/// next, so the band of a benchmark is its own difference or the one that nine of ten benchmarks of the run stay below,
/// whichever is greater.
/// </remarks>
public sealed class NoiseBand
{
    private const double Share = 0.9;

    private readonly Dictionary<string, double> _own;
    private readonly double _common;

    /// <summary>Finds the bands of a run.</summary>
    public NoiseBand(IEnumerable<BenchmarkSeries> run)
    {
        _own = run
            .Select(static series => (series.Name, Difference: Medians.DifferenceFromItself(series)))
            .Where(static measured => measured.Difference is not null)
            .ToDictionary(static measured => measured.Name, static measured => measured.Difference!.Value);
        double[] sorted = [.. _own.Values.Order()];
        _common = sorted.Length == 0 ? 0 : sorted[(int)Math.Ceiling(Share * sorted.Length) - 1];
    }

    /// <summary>The band of a benchmark: 0.05 for 5 %. Null when it was not measured twice.</summary>
    public double? Of(string series) => _own.TryGetValue(series, out double own) ? Math.Max(own, _common) : null;
}
