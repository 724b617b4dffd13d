using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Stress.Machine.Native;

/// <summary>Adds up what the threads of a hammer run have counted.</summary>
/// <remarks>Of threads that were left behind only the operations count: they may still be writing the rest.</remarks>
internal static class HammerFigures
{
    /// <summary>The roles of the plan, in its order.</summary>
    public static ImmutableArray<HammerRole> Roles(HammerCast cast, HammerThread[] threads, TimeSpan elapsed)
        => [.. cast.Roles.Select(
            (spec, role) => Role(spec, [.. threads.Where(thread => thread.Role == role)], elapsed))];

    /// <summary>The lock classes, by name.</summary>
    public static ImmutableArray<HammerLock> Locks(HammerThread[] threads)
    {
        var table = new SortedDictionary<string, LockCounters>(StringComparer.Ordinal);
        foreach (HammerThread thread in threads)
        {
            if (thread is { HasEnded: true, Task: ObservedTask task })
            {
                task.Locks.AddTo(table);
            }
        }

        return [.. table.Values.Select(static counters => counters.ToResult())];
    }

    /// <summary>Operations of all threads but the workers'.</summary>
    public static long Operations(HammerThread[] threads)
        => threads.Where(static thread => !thread.IsWorker).Sum(static thread => thread.Operations);

    private static HammerRole Role(TaskSpec spec, HammerThread[] threads, TimeSpan elapsed)
    {
        var latency = new LatencyHistogram();
        foreach (HammerThread thread in threads.Where(static thread => thread.HasEnded))
        {
            latency.Add(thread.Latency);
        }

        long operations = threads.Sum(static thread => thread.Operations);
        double rate = elapsed > TimeSpan.Zero ? operations / elapsed.TotalSeconds : 0;
        return new HammerRole(
            spec.Name, spec.IsWorker, threads.Length, operations, rate, HammerLatency.Of(latency));
    }
}
