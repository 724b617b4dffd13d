using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Reporting;

/// <summary>The mean of rates: so many of them over the sum of what one unit takes at each.</summary>
internal static class HarmonicMean
{
    public static double Of<T>(IReadOnlyCollection<T> items, Func<T, double> rate)
        => items.Count / items.Sum(item => 1 / rate(item));
}
