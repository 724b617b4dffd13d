using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Simulation;

/// <summary>How much the locks of a class were waited for.</summary>
/// <param name="Class">The class.</param>
/// <param name="Acquired">How often one was taken.</param>
/// <param name="Contended">How often it had to be waited for.</param>
/// <param name="Waited">Time waited, in picoseconds.</param>
/// <param name="Held">Time held, in picoseconds.</param>
public sealed record LockReport(string Class, long Acquired, long Contended, long Waited, long Held)
{
    internal static IReadOnlyList<LockReport> Of(SimulatedMachine machine) =>
    [
        .. machine.Statistics.Locks.Values.GroupBy(count => count.Class.Name)
            .Select(locks => new LockReport(
                locks.Key, locks.Sum(count => count.Acquired), locks.Sum(count => count.Contended),
                locks.Sum(count => count.Waited), locks.Sum(count => count.Held)))
            .OrderByDescending(report => report.Waited).ThenBy(report => report.Class, StringComparer.Ordinal),
    ];
}
