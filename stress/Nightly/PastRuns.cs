using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>What earlier nights say about an item.</summary>
/// <param name="Nights">How many ran it.</param>
/// <param name="Surprises">In how many its verdict was not the expected one.</param>
/// <param name="FailedLast">Whether that was so in the last of them.</param>
/// <param name="Seconds">Median time that it took; 0 for none.</param>
internal sealed record PastRuns(int Nights, int Surprises, bool FailedLast, double Seconds)
{
    // Older nights were of another code.
    private const int MostNights = 20;

    /// <summary>Of an item that no night ran.</summary>
    public static PastRuns None { get; } = new(0, 0, false, 0);

    /// <summary>How likely another run is to be a surprise: the rule of succession.</summary>
    public double Yield => (Surprises + 1.0) / (Nights + 2.0);

    /// <summary>By key.</summary>
    public static IReadOnlyDictionary<string, PastRuns> Of(IReadOnlyList<NightRecord> nights)
        => nights.TakeLast(MostNights).SelectMany(night => night.Items).GroupBy(item => item.Key)
            .ToDictionary(group => group.Key, group => Of([.. group]));

    private static PastRuns Of(List<ItemRecord> runs)
    {
        double[] seconds = [.. runs.Select(run => run.Seconds).Order()];
        return new PastRuns(
            runs.Count,
            runs.Count(run => !run.IsAsExpected),
            !runs[^1].IsAsExpected,
            Math.Max(seconds[seconds.Length / 2], 0.001));
    }
}
