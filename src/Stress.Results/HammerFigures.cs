using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What a hammer run did, in figures. Times are in nanoseconds.</summary>
public sealed record HammerFigures
{
    /// <summary>Threads that ran, those of workers included.</summary>
    public required int Threads { get; init; }

    /// <summary>Operations of all threads but the workers.</summary>
    public required long Operations { get; init; }

    /// <summary><see cref="Operations"/> by second.</summary>
    public required double OperationsPerSecond { get; init; }

    /// <summary>How often all threads stood still and the state was judged.</summary>
    public required long Checkpoints { get; init; }

    /// <summary>The same by role.</summary>
    public required IReadOnlyList<RoleFigures> Roles { get; init; }

    /// <summary>Contention by lock class.</summary>
    public required IReadOnlyList<LockFigures> Locks { get; init; }

    /// <summary>Objects by slab cache.</summary>
    public required IReadOnlyList<CacheFigures> Caches { get; init; }

    /// <summary>What every task was doing when no one got on any more; null when that did not happen.</summary>
    public string? HangReport { get; init; }

    /// <summary>What each task did last before something went wrong; null when nothing did.</summary>
    public IReadOnlyList<TailFigures>? Tails { get; init; }

    /// <summary>What could not be done as asked, such as pinning.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What the threads of one role did.</summary>
/// <param name="Name">The role.</param>
/// <param name="IsWorker">Whether it serves the others: its one operation lasts as long as the run.</param>
/// <param name="Threads">Threads that played it.</param>
/// <param name="Operations">Their operations.</param>
/// <param name="OperationsPerSecond">Their operations per second.</param>
/// <param name="P50">Median duration of an operation.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
/// <param name="Max">The longest.</param>
public sealed record RoleFigures(
    string Name,
    bool IsWorker,
    int Threads,
    long Operations,
    double OperationsPerSecond,
    long P50,
    long P90,
    long P99,
    long P999,
    long Max);

/// <summary>How much the locks of one class were fought for.</summary>
/// <param name="Name">The lock class.</param>
/// <param name="Acquisitions">How often one was taken.</param>
/// <param name="Contended">How often it could not be had at once.</param>
/// <param name="WaitTotal">Time that tasks waited.</param>
/// <param name="WaitMean">Mean of the waits.</param>
/// <param name="WaitMax">The longest wait.</param>
public sealed record LockFigures(
    string Name, long Acquisitions, long Contended, long WaitTotal, double WaitMean, long WaitMax);

/// <summary>What one slab cache went through.</summary>
/// <param name="Name">The cache.</param>
/// <param name="Allocated">Objects handed out.</param>
/// <param name="Live">Objects not given back.</param>
/// <param name="HighWater">The most that were live at once.</param>
public sealed record CacheFigures(string Name, long Allocated, long Live, long HighWater);
