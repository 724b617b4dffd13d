using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>How much the locks of a class were waited for.</summary>
/// <param name="Class">The class.</param>
/// <param name="Acquired">How often one was taken.</param>
/// <param name="Contended">How often it had to be waited for.</param>
/// <param name="Waited">Time waited, in picoseconds.</param>
/// <param name="Held">Time held, in picoseconds.</param>
public sealed record LockReport(string Class, long Acquired, long Contended, long Waited, long Held)
{
    /// <summary>Where the locks of the class lie: the object and the field, such as <c>mm</c> and <c>AnonRss.Lock</c>.
    /// </summary>
    public IReadOnlyList<(string Object, string Field)> Places { get; init; } = [];

    /// <summary>Whether a field belongs to one of them.</summary>
    /// <param name="name">The object.</param>
    /// <param name="field">The field of it.</param>
    public bool Has(string name, string field)
        => Places.Any(place => place.Object == name && field.StartsWith(place.Field + ".", StringComparison.Ordinal));

    internal static IReadOnlyList<LockReport> Of(SimulatedMachine machine) =>
    [
        .. machine.Statistics.Locks.GroupBy(count => count.Value.Class.Name)
            .Select(locks => new LockReport(
                locks.Key, locks.Sum(count => count.Value.Acquired), locks.Sum(count => count.Value.Contended),
                locks.Sum(count => count.Value.Waited), locks.Sum(count => count.Value.Held))
            {
                Places = [.. locks.Select(count => PlaceOf(machine.Arena.PlaceOf(count.Key))).Distinct()],
            })
            .OrderByDescending(report => report.Waited).ThenBy(report => report.Class, StringComparer.Ordinal),
    ];

    // The first field of a lock is its word, which has the lock's name before the last point.
    private static (string Object, string Field) PlaceOf(MemoryPlace place)
    {
        string word = place.Type is null ? "" : HandleFields.SuffixAt(place.Type, place.Offset).TrimStart('.');
        return (place.Name, word.LastIndexOf('.') is > 0 and int point ? word[..point] : word);
    }
}
