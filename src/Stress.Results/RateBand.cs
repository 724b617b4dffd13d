using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.Results;

/// <summary>Between which figures the operations per second of an item lay in earlier nights on the same sort of
/// computer: what varies when nothing has changed.</summary>
/// <param name="Nights">How many nights.</param>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
public sealed record RateBand(int Nights, double Low, double High)
{
    /// <summary>Of fewer nights a band says nothing.</summary>
    public const int LeastNights = 5;

    /// <summary>The rate that it is about.</summary>
    internal const string Rate = "operations/s";

    private const int MostNights = 20;

    /// <summary>The bands of the last nights, by key.</summary>
    public static IReadOnlyDictionary<string, RateBand> Of(IReadOnlyList<NightRecord> nights)
        => nights.TakeLast(MostNights).SelectMany(night => night.Items)
            .Where(item => item.Rates.ContainsKey(Rate))
            .GroupBy(item => item.Key)
            .Where(group => group.Count() >= LeastNights)
            .ToDictionary(
                group => group.Key,
                group => new RateBand(
                    group.Count(), group.Min(item => item.Rates[Rate]), group.Max(item => item.Rates[Rate])));

    /// <summary>What is slower than in any of the nights before, in words.</summary>
    public static IReadOnlyList<string> Below(IReadOnlyList<NightRecord> past, NightRecord night)
    {
        ArgumentNullException.ThrowIfNull(night);
        IReadOnlyDictionary<string, RateBand> bands = Of([.. past.Where(earlier => earlier.Run != night.Run)]);
        return
        [
            .. from item in night.Items
               where item.Rates.ContainsKey(Rate) && bands.ContainsKey(item.Key)
               let band = bands[item.Key]
               where item.Rates[Rate] < band.Low
               select string.Create(
                   CultureInfo.InvariantCulture,
                   $"{item.Key}: {item.Rates[Rate]:N0} operations/s, {band.Low:N0} to {band.High:N0} in "
                   + $"{band.Nights} nights before"),
        ];
    }
}
