using System;

namespace Stress.Simulation;

/// <summary>How a simulation runs.</summary>
public sealed record SimulationOptions
{
    private const int BytesForCpus = 16 << 20;
    private const int CpusOfBytes = 64;

    /// <summary>The default of <see cref="Watchdog"/>: far more than the longest operation of a scenario takes.</summary>
    public static TimeSpan DefaultWatchdog { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>CPUs, each with a task of its own: 1 to the machine's, of which each worker of the scenario takes one
    /// more.</summary>
    public required int Cpus { get; init; }

    /// <summary>Measured operations of each task: at least 1.</summary>
    public int Operations { get; init; } = 2_000;

    /// <summary>Operations of each task before that, which fill the caches.</summary>
    public int WarmUp { get; init; } = 600;

    /// <summary>In the machine's own time: how long no operation may end, before the run counts as hung.</summary>
    public TimeSpan Watchdog { get; init; } = DefaultWatchdog;

    /// <summary>Whether the pair prefetcher works, on a machine that has one.</summary>
    public bool Prefetches { get; init; } = true;

    /// <summary>Seed of the order of objects in their slabs, and of what tasks draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Size of the memory, in bytes; 16 MiB for each 64 CPUs, unless it is given.</summary>
    public int ArenaBytes
    {
        get => field > 0 ? field : BytesForCpus * ((Cpus + CpusOfBytes - 1) / CpusOfBytes);
        init;
    }

    /// <summary>A field that has lines of its own, to see what its place costs; null for none.</summary>
    public MovedField? Moved { get; init; }
}

/// <summary>A field that is moved, in every object of a kind, to a 128-byte pair of lines of its own.</summary>
/// <param name="Object">The kind: a slab cache, or what the object is labelled as.</param>
/// <param name="Offset">Where in the object it is, in bytes.</param>
/// <param name="Bytes">Its size, in bytes.</param>
public sealed record MovedField(string Object, int Offset, int Bytes);
