using System;
using System.Collections.Generic;
using System.Threading;

namespace Stress.Exploration;

/// <summary>How to explore.</summary>
public sealed record ExploreOptions
{
    /// <summary>The strategies by the names that <see cref="Strategy"/> takes.</summary>
    public static readonly string[] Strategies = ["portfolio", "random", "pct", Exhaustive];

    /// <summary>The strategy that runs every class of equivalent interleavings once.</summary>
    public const string Exhaustive = "exhaustive";

    /// <summary>Exhaustive: how many preemptions a schedule may have; null for any number.</summary>
    public int? Preemptions { get; init; }

    /// <summary>What a read may see.</summary>
    public MemoryModel Memory { get; init; } = MemoryModel.Sc;

    /// <summary>Everything random comes from it: the same seed gives the same result, however many workers there are.
    /// </summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many schedules to run at most.</summary>
    public long Schedules { get; init; } = 50_000;

    /// <summary>How long to run at most; null for no limit. A run that a limit of time ends is not determined by its
    /// seed alone.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>One of <see cref="Strategies"/>: <c>portfolio</c> alternates random and PCT of several depths.</summary>
    public string Strategy { get; init; } = "portfolio";

    /// <summary>The depth of <c>pct</c>: 1 to 16.</summary>
    public int PctDepth { get; init; } = 3;

    /// <summary>How locks are taken.</summary>
    public LockAlgorithm Locks { get; init; } = LockAlgorithm.Default;

    /// <summary>Whether data races are looked for.</summary>
    public bool DataRaces { get; init; } = true;

    /// <summary>Sampling: whether a schedule whose decisions were run before is run again. Its run would be the same,
    /// so this is for measuring how fast schedules run.</summary>
    public bool Reruns { get; init; }

    /// <summary>How many allocations may fail in a run; null for what the scenario's plan says.</summary>
    public int? AllocationFailures { get; init; }

    /// <summary>Whether the order of locks is watched over all schedules, and a circle in it is a finding. After one
    /// the exploration goes on for a while, to report a schedule that really fails in its place.</summary>
    public bool LockOrder { get; init; } = true;

    /// <summary>Whether what was found is made smaller before it is reported.</summary>
    public bool Shrink { get; init; } = true;

    /// <summary>Threads that explore side by side, each on a machine of its own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Ends the exploration with what was found so far.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Is told how far it is, a few times a second, by one worker at a time.</summary>
    public Action<ExploreProgress>? Progress { get; init; }
}

/// <summary>How far an exploration is.</summary>
/// <param name="Schedules">Schedules run.</param>
/// <param name="Planned">Schedules to run at most.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct ExploreProgress(long Schedules, long Planned, TimeSpan Elapsed)
{
    /// <summary>Exhaustive: the part of the search that is over, estimated, from 0 to 1; null when sampling.</summary>
    public double? Share { get; init; }

    /// <summary>Schedules that each worker has run, by its number; null for an engine with one.</summary>
    public IReadOnlyList<long>? OfWorkers { get; init; }
}
