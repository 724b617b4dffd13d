using System;
using System.Collections.Generic;
using System.Globalization;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>What an exploration came to.</summary>
public sealed record ExploreResult
{
    /// <summary>The finding of the first schedule that failed; null when none did.</summary>
    public required Finding? Finding { get; init; }

    /// <summary>Schedules drawn, up to and with the one that failed.</summary>
    public required long Schedules { get; init; }

    /// <summary>Schedules that were run: each worker runs only those that it did not run before. With several workers,
    /// chance says how many that are.</summary>
    public required long Executions { get; init; }

    /// <summary>Different schedules among them.</summary>
    public required long Distinct { get; init; }

    /// <summary>Whether <see cref="Distinct"/> is exact; otherwise there are at least so many.</summary>
    public required bool DistinctIsExact { get; init; }

    /// <summary>Scheduling points of all runs.</summary>
    public required long Points { get; init; }

    /// <summary>Time that it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The order of locks in these schedules; empty when it was not watched.</summary>
    public IReadOnlyList<LockOrderFact> LockOrder { get; init; } = [];

    /// <summary>Whether it was cancelled.</summary>
    public required bool IsInterrupted { get; init; }

    /// <summary>The outcomes of the runs, and those that the scenario lists and no run came to; empty where a scenario
    /// observes nothing.</summary>
    public IReadOnlyList<OutcomeRow> Outcomes { get; init; } = [];

    /// <summary>Exhaustive: runs that were given up on the way because nothing new could come of them.</summary>
    public long Redundant { get; init; }

    /// <summary>Exhaustive: whether every class of equivalent interleavings was run and none failed; null when
    /// sampling.</summary>
    public bool? IsVerified { get; init; }

    /// <summary>Sampling: how many classes of equivalent interleavings there are; null when that is not told.</summary>
    public ClassEstimate? Classes { get; init; }

    /// <summary>Sampling: how likely a bug was missed; null when the strategy promises nothing.</summary>
    public MissBound? Miss { get; init; }

    /// <summary>Exhaustive: how many preemptions a schedule could have; null for any number.</summary>
    public int? Preemptions { get; init; }

    /// <summary>Exhaustive: whether a run did not end, so that not all can be run.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Exhaustive: the part of the search that is over, estimated, from 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>What was covered, such as <c>sampled: 200,000 schedules, 143,201 distinct</c> or <c>verified: all 1,680
    /// executions</c>.</summary>
    public string Coverage => IsVerified switch
    {
        true when Preemptions is { } bound => string.Create(
            CultureInfo.InvariantCulture,
            $"verified up to {bound} preemption{(bound == 1 ? "" : "s")}: all {Schedules:N0} schedules"),
        true => string.Create(CultureInfo.InvariantCulture, $"verified: all {Schedules:N0} executions"),
        false when IsEndless => string.Create(
            CultureInfo.InvariantCulture,
            $"incomplete: {Schedules:N0} executions, for a task that spins without waiting can be let spin for ever"),
        false => string.Create(
            CultureInfo.InvariantCulture,
            $"incomplete: {Schedules:N0} executions, about {100 * Share:0.##} % of all"),
        null => string.Create(
            CultureInfo.InvariantCulture,
            $"sampled: {Schedules:N0} schedules, {(DistinctIsExact ? "" : "at least ")}{Distinct:N0} distinct")
            + (Classes is null ? "" : $", {Classes}") + (Miss is null ? "" : $"; {Miss}"),
    };
}
