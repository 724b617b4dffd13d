using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>How locks are taken on the explored machine.</summary>
public enum LockAlgorithm
{
    /// <summary>As the scenario's plan says.</summary>
    Default,

    /// <summary>As a whole, in one access: for exploring the code above the locks.</summary>
    Atomic,

    /// <summary>By their real algorithm: for exploring the locks themselves.</summary>
    Real,
}

/// <summary>What a read may see.</summary>
public enum MemoryModel
{
    /// <summary>Sequential consistency: a read sees the last write.</summary>
    Sc,

    /// <summary>Views: a read may see any write that nothing ordered before it has overwritten.</summary>
    Weak,
}

/// <summary>Names of memory models as the command line and traces have them.</summary>
public static class MemoryModels
{
    /// <summary><c>sc</c> or <c>weak</c>.</summary>
    public static string Name(this MemoryModel memory) => memory == MemoryModel.Weak ? "weak" : "sc";
}

/// <summary>What an explored machine is made with.</summary>
/// <param name="Locks">How locks are taken.</param>
/// <param name="AllocationFailures">How many allocations may fail in a run; null for what the plan says.</param>
/// <param name="ArenaBytes">Size of its memory.</param>
internal sealed record MachineSettings(
    LockAlgorithm Locks = LockAlgorithm.Default, int? AllocationFailures = null, int ArenaBytes = 1 << 20)
{
    /// <summary>In <see cref="OperationLimits"/>: the task runs to its end.</summary>
    public const int NoLimit = -1;

    /// <summary>What a read may see.</summary>
    public MemoryModel Memory { get; init; } = MemoryModel.Sc;

    /// <summary>Whether the order of locks is collected over all runs, for <see cref="LockOrderLedger"/>.</summary>
    public bool CollectsLockOrder { get; init; }

    /// <summary>The order of locks that other runs have shown: a run that closes a circle with it fails at that lock.
    /// Null when the order of locks fails no run.</summary>
    public IReadOnlyList<LockOrderFact>? KnownLockOrder { get; init; }

    /// <summary>For each task after how many outermost operations it ends: 0 for a task that never starts,
    /// <see cref="NoLimit"/> for one that runs to its end. Null when all do.</summary>
    public IReadOnlyList<int>? OperationLimits { get; init; }

    /// <summary>Whether data races are looked for.</summary>
    public bool DataRaces { get; init; } = true;
}

/// <summary>What went wrong in one run.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Text">The condition, or the machine's own words.</param>
/// <param name="Task">The task that was running.</param>
/// <param name="Operation">The operation that the task was in; empty outside of one.</param>
internal sealed record RunFinding(FindingKind Kind, string Text, int Task, string Operation);
