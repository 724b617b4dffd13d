using System.Collections.Generic;

namespace Stress.Machine.Native;

/// <summary>How a <see cref="NativeMachine"/> is built.</summary>
public sealed record NativeMachineOptions
{
    /// <summary>The default of <see cref="ArenaBytes"/>: 256 MiB.</summary>
    public const long DefaultArenaBytes = 256L << 20;

    /// <summary>The default of <see cref="QuarantineObjects"/>.</summary>
    public const int DefaultQuarantineObjects = 256;

    /// <summary>The tasks, by number, and the CPU of each; tasks may share one.</summary>
    public required IReadOnlyList<TaskSpec> Tasks { get; init; }

    /// <summary>Size of the root block, in bytes.</summary>
    public int RootBytes { get; init; } = 4096;

    /// <summary>Size of the memory that everything comes from, in bytes. Pages that are never used cost nothing.
    /// </summary>
    public long ArenaBytes { get; init; } = DefaultArenaBytes;

    /// <summary>How many freed objects of a cache each task holds back, poisoned, before they are used again.</summary>
    public int QuarantineObjects { get; init; } = DefaultQuarantineObjects;

    /// <summary>What all generators of the run are derived from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Probability that an allocation fails that may; 0 to 1.</summary>
    public double FailAlloc { get; init; }

    /// <summary>Whether the order of locks is watched; <see cref="ObservedCpu"/> only.</summary>
    public bool LockOrder { get; init; } = true;

    /// <summary>Probability of a delay before an access, 0 to 1; <see cref="ObservedCpu"/> only.</summary>
    public double Perturb { get; init; }
}
