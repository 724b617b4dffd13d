using System;
using System.Collections.Immutable;
using System.Linq;

namespace Stress.Machine.Native;

/// <summary>What came out of a hammer run.</summary>
public sealed record HammerResult
{
    /// <summary>How long the threads ran.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The seed of the options.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Threads that ran, those of workers included.</summary>
    public required int Threads { get; init; }

    /// <summary>The roles, in the order of the scenario's plan.</summary>
    public required ImmutableArray<HammerRole> Roles { get; init; }

    /// <summary>The lock classes by name; empty when locks were not observed.</summary>
    public required ImmutableArray<HammerLock> Locks { get; init; }

    /// <summary>The slab caches by name, as they were before the scenario gave everything back.</summary>
    public required ImmutableArray<HammerCache> Caches { get; init; }

    /// <summary>Checkpoints whose check held.</summary>
    public required int Checkpoints { get; init; }

    /// <summary>The order of locks that was seen; empty when it was not watched.</summary>
    public ImmutableArray<LockOrderFact> LockOrder { get; init; } = [];

    /// <summary>The first thing that went wrong, or null.</summary>
    public HammerFinding? Finding { get; init; }

    /// <summary>What each task did last before something went wrong; empty when nothing did, or when operations were
    /// not observed.</summary>
    public ImmutableArray<TaskTail> Tails { get; init; } = [];

    /// <summary>What each task did when the run hung, one task a line; null when it did not.</summary>
    public string? HangReport { get; init; }

    /// <summary>Whether it was ended before its time.</summary>
    public bool Interrupted { get; init; }

    /// <summary>What could not be done as asked.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Operations that all threads finished; those of workers are not counted.</summary>
    public long Operations => Roles.Where(static role => !role.IsWorker).Sum(static role => role.Operations);

    /// <summary><see cref="Operations"/> by second.</summary>
    public double OperationsPerSecond => Elapsed > TimeSpan.Zero ? Operations / Elapsed.TotalSeconds : 0;
}

/// <summary>What the threads of one role did.</summary>
/// <param name="Name">The task's name in the plan.</param>
/// <param name="IsWorker">Whether it serves the others: it makes one operation that lasts as long as the run.</param>
/// <param name="Threads">How many played it.</param>
/// <param name="Operations">Finished.</param>
/// <param name="OperationsPerSecond">By all its threads.</param>
/// <param name="Latency">Of its operations.</param>
public sealed record HammerRole(
    string Name,
    bool IsWorker,
    int Threads,
    long Operations,
    double OperationsPerSecond,
    HammerLatency Latency);

/// <summary>Durations of single operations, in nanoseconds; each is known to 1/32.</summary>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P90">90 % took no longer.</param>
/// <param name="P99">99 % took no longer.</param>
/// <param name="P999">99.9 % took no longer.</param>
/// <param name="Max">The longest.</param>
public sealed record HammerLatency(long P50, long P90, long P99, long P999, long Max)
{
    /// <summary>The figures of a histogram.</summary>
    public static HammerLatency Of(LatencyHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new HammerLatency(
            histogram.Percentile(0.5),
            histogram.Percentile(0.9),
            histogram.Percentile(0.99),
            histogram.Percentile(0.999),
            histogram.Max);
    }
}

/// <summary>What the locks of one class went through.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Acquisitions">How often one was taken.</param>
/// <param name="Contended">How often it could not be had at once.</param>
/// <param name="WaitTotalNs">Time that tasks waited, in nanoseconds.</param>
/// <param name="WaitMaxNs">The longest wait, in nanoseconds.</param>
public sealed record HammerLock(string Class, long Acquisitions, long Contended, long WaitTotalNs, long WaitMaxNs)
{
    /// <summary><see cref="Contended"/> as a part of <see cref="Acquisitions"/>, in percent.</summary>
    public double ContendedPercent => Acquisitions == 0 ? 0 : 100.0 * Contended / Acquisitions;

    /// <summary>Mean of the waits, in nanoseconds; 0 when there was none.</summary>
    public double WaitMeanNs => Contended == 0 ? 0 : (double)WaitTotalNs / Contended;
}

/// <summary>What one slab cache went through.</summary>
/// <param name="Name">The cache's.</param>
/// <param name="Allocated">Objects handed out.</param>
/// <param name="Live">Objects not given back.</param>
/// <param name="HighWater">The most objects that were live at once, as seen whenever a task fetched a batch.</param>
public sealed record HammerCache(string Name, long Allocated, long Live, long HighWater);
