using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;

namespace Stress.Machine.Native;

/// <summary>How <see cref="Hammer"/> runs.</summary>
public sealed record HammerOptions
{
    /// <summary>Threads that play the roles of the scenario in turn, besides one for each worker role; at least 1.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How long the threads run.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What all choices, failures and delays are derived from. The interleaving is the host's own.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether each thread keeps to one CPU of the host.</summary>
    public bool Pin { get; init; }

    /// <summary>Probability of a short delay before an access, 0 to 1. Needs <see cref="Observe"/>.</summary>
    public double Perturb { get; init; }

    /// <summary>Probability that an allocation fails that may, 0 to 1.</summary>
    public double FailAlloc { get; init; }

    /// <summary>Without a finished operation for this long, the run counts as hung.</summary>
    public TimeSpan Watchdog { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between checkpoints, at which all threads stop and the scenario's check runs; zero for none.
    /// </summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Takes a note about five times a second, and is completed at the end.</summary>
    public ChannelWriter<HammerProgress>? Progress { get; init; }

    /// <summary>Ends the run early; the result is valid and marked as interrupted.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Whether locks are counted, accesses checked, and tasks of one CPU kept apart, by
    /// <see cref="ObservedCpu"/>; otherwise the bare <see cref="NativeCpu"/> runs.</summary>
    public bool Observe { get; init; } = true;

    /// <summary>Whether the order of locks is watched, and a circle in it is a finding. Needs <see cref="Observe"/>.
    /// </summary>
    public bool LockOrder { get; init; } = true;

    /// <summary>Size of the machine's memory, in bytes.</summary>
    public long ArenaBytes { get; init; } = NativeMachineOptions.DefaultArenaBytes;

    /// <summary>How many freed objects of a cache each task holds back, poisoned, before they are used again.</summary>
    public int QuarantineObjects { get; init; } = NativeMachineOptions.DefaultQuarantineObjects;
}

/// <summary>How far a hammer run has come.</summary>
/// <param name="Elapsed">Since the threads started.</param>
/// <param name="Operations">Finished by all threads.</param>
/// <param name="OperationsPerSecond">Since the note before.</param>
/// <param name="Checkpoints">Passed.</param>
public sealed record HammerProgress(TimeSpan Elapsed, long Operations, double OperationsPerSecond, int Checkpoints)
{
    /// <summary>What each thread does.</summary>
    public IReadOnlyList<ThreadProgress> Threads { get; init; } = [];

    /// <summary>A channel that keeps the newest notes when the reader is slow: no thread waits for it.</summary>
    public static Channel<HammerProgress> NewChannel()
        => Channel.CreateBounded<HammerProgress>(new BoundedChannelOptions(16)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
            SingleWriter = true,
        });
}

/// <summary>What one thread of a hammer run does.</summary>
/// <param name="Name">The task that it is.</param>
/// <param name="Operations">Operations that it has finished.</param>
/// <param name="OperationsPerSecond">Since the note before.</param>
/// <param name="State">Whether it runs.</param>
public sealed record ThreadProgress(string Name, long Operations, double OperationsPerSecond, ThreadState State);

/// <summary>Whether a thread of a hammer run runs.</summary>
public enum ThreadState
{
    /// <summary>It makes its operations.</summary>
    Running,

    /// <summary>It waits while a checkpoint is looked at.</summary>
    Paused,

    /// <summary>It has ended.</summary>
    Ended,
}
