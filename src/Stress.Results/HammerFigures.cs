using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What a hammer run did, in figures.</summary>
public sealed record HammerFigures
{
    /// <summary>Threads that made operations.</summary>
    public required int Threads { get; init; }

    /// <summary>Operations of all threads.</summary>
    public required long Operations { get; init; }

    /// <summary>Operations per second of all threads together.</summary>
    public required double OperationsPerSecond { get; init; }

    /// <summary>How often all threads stood still and the state was judged.</summary>
    public required long Checkpoints { get; init; }

    /// <summary>The same by role.</summary>
    public required IReadOnlyList<RoleFigures> Roles { get; init; }

    /// <summary>Contention by lock class.</summary>
    public required IReadOnlyList<LockFigures> Locks { get; init; }

    /// <summary>What every thread was doing when no one got on any more; null when that did not happen.</summary>
    public string? HangReport { get; init; }

    /// <summary>What a reader of the figures has to know, such as that pinning was not possible.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What the threads of one role did. Latencies are of one operation, in nanoseconds.</summary>
/// <param name="Name">The role.</param>
/// <param name="Threads">Threads that played it.</param>
/// <param name="Operations">Their operations.</param>
/// <param name="OperationsPerSecond">Their operations per second.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
/// <param name="Max">The longest.</param>
public sealed record RoleFigures(
    string Name,
    int Threads,
    long Operations,
    double OperationsPerSecond,
    double P50,
    double P90,
    double P99,
    double P999,
    double Max);

/// <summary>How much the locks of one class were fought for.</summary>
/// <param name="Name">The lock class.</param>
/// <param name="Acquisitions">How often one was taken.</param>
/// <param name="Contended">How often somebody had to wait for it.</param>
/// <param name="WaitTotalMs">Time waited in total, in milliseconds.</param>
/// <param name="WaitMeanUs">Mean wait of a contended acquisition, in microseconds.</param>
/// <param name="WaitMaxUs">Longest wait, in microseconds.</param>
public sealed record LockFigures(
    string Name, long Acquisitions, long Contended, double WaitTotalMs, double WaitMeanUs, double WaitMaxUs);
