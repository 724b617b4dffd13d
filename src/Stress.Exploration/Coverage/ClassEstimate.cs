using System;
using System.Collections.Generic;
using System.Globalization;

namespace Stress.Exploration;

/// <summary>Estimates how many classes of runs there are from those that were seen, and how often.</summary>
/// <remarks>
/// A lower bound, as classes that are nearly never met leave no trace: with f1 classes seen once and f2 seen twice,
/// seen + f1 (f1 - 1) / 2 (f2 + 1). Source: Chao, Nonparametric Estimation of the Number of Classes in a Population,
/// 1984, in its bias-corrected form, and its variance of 1987.
/// </remarks>
/// <param name="Seen">Different classes seen.</param>
/// <param name="Classes">How many there are, at least, estimated.</param>
/// <param name="Error">One standard error of that.</param>
public sealed record ClassEstimate(long Seen, double Classes, double Error)
{
    /// <summary>Estimates from how often each class was seen.</summary>
    public static ClassEstimate From(IEnumerable<int> timesSeen)
    {
        long seen = 0;
        double once = 0;
        double twice = 0;
        foreach (int times in timesSeen)
        {
            seen++;
            once += times == 1 ? 1 : 0;
            twice += times == 2 ? 1 : 0;
        }

        double unseen = once * (once - 1) / (2 * (twice + 1));
        double ratio = once / Math.Max(1, twice);
        double variance = Math.Max(1, twice) * ((ratio * ratio / 2) + Math.Pow(ratio, 3) + (Math.Pow(ratio, 4) / 4));
        return new ClassEstimate(seen, seen + unseen, once == 0 ? 0 : Math.Sqrt(variance));
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"at least {Classes:N0} ± {Error:N0} classes");
}
