using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.Results;

/// <summary>How far something was from being a violation.</summary>
/// <param name="Kind">One of <see cref="Hang"/> and <see cref="Budget"/>.</param>
/// <param name="Where">The item.</param>
/// <param name="Distance">1 for as far as can be, 0 for a violation.</param>
public sealed record NearMiss(string Kind, string Where, double Distance)
{
    /// <summary>The longest wait for a lock on real threads, against the time after which a run counts as hung.
    /// </summary>
    public const string Hang = "hang";

    /// <summary>Schedules to find a known bug, against those within which it must be found.</summary>
    public const string Budget = "budget";

    private const int Digits = 6;

    /// <summary>The distances of an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="budget">Schedules within which its bug must be found; null where none is known.</param>
    /// <param name="watchdog">After which a run on real threads counts as hung.</param>
    public static IEnumerable<NearMiss> Of(RunItem item, long? budget, TimeSpan watchdog)
    {
        ArgumentNullException.ThrowIfNull(item);
        string where = item.Key ?? $"{item.Machine}/{item.Scenario}@{item.Variant}";
        if (item.Hammered is { Locks.Count: > 0 } hammered)
        {
            yield return Make(Hang, where, hammered.Locks.Max(l => l.WaitMax), watchdog.TotalNanoseconds);
        }

        if (budget is { } most && (item.Killed?.Schedules.Max() ?? Found(item)) is { } schedules)
        {
            yield return Make(Budget, where, schedules, most);
        }
    }

    /// <summary>The smallest of each kind.</summary>
    public static IReadOnlyList<NearMiss> Smallest(IEnumerable<NearMiss> all)
        =>
        [
            .. all.GroupBy(miss => miss.Kind).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.MinBy(miss => miss.Distance)!),
        ];

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Distance:0.0000} at {Where}");

    private static long? Found(RunItem item) => item.IsAsExpected ? item.Finding?.Schedule : null;

    private static NearMiss Make(string kind, string where, double used, double most)
        => new(kind, where, Math.Round(Math.Clamp(1 - (used / most), 0, 1), Digits));
}
