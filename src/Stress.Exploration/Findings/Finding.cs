using Stress.Machine;

namespace Stress.Exploration;

/// <summary>A failed run that was found, repeated and told.</summary>
public sealed record Finding
{
    /// <summary>What kind of thing went wrong.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The condition in the kernel's words, or the machine's own.</summary>
    public required string Text { get; init; }

    /// <summary>The two accesses, where the finding is a data race; null otherwise.</summary>
    public RaceReport? Race { get; init; }

    /// <summary>Number of the task that ran when it was noticed.</summary>
    public required int Task { get; init; }

    /// <summary>Name of that task.</summary>
    public required string TaskName { get; init; }

    /// <summary>The operation that the task was in; empty outside of one.</summary>
    public required string Operation { get; init; }

    /// <summary>The first schedule that failed, from 0.</summary>
    public required long ScheduleIndex { get; init; }

    /// <summary>The strategy that found it.</summary>
    public required string Strategy { get; init; }

    /// <summary>Of <see cref="FindingKind.LockOrder"/>: who takes which locks in which order.</summary>
    public LockOrderInversion? Inversion { get; init; }

    /// <summary>What repeats it.</summary>
    public required Trace Trace { get; init; }

    /// <summary>What the run was made smaller from; null when it is as it was found.</summary>
    public ShrinkFigures? Shrunk { get; init; }

    /// <summary>The two events whose order makes the run fail; null when that is not known, or no two do.</summary>
    public DecidingPair? DecidingPair { get; init; }

    /// <summary>How many of <see cref="ReproducedOf"/> repetitions came to the same finding and the same hash.</summary>
    public required int Reproduced { get; init; }

    /// <summary>How often it was repeated before it was reported.</summary>
    public required int ReproducedOf { get; init; }

    /// <summary>What matters of the interleaving: a column for each task, at most 120 characters wide.</summary>
    public required string Story { get; init; }

    /// <summary>The same, for its other forms; null for what was not recorded.</summary>
    public Story? Telling { get; init; }
}
