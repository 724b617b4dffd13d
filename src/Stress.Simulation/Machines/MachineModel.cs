using System.Collections.Generic;

namespace Stress.Simulation;

/// <summary>Which states a cache keeps shared lines in.</summary>
public enum CoherenceProtocol
{
    /// <summary>One sharer forwards; a modified line is written back when it is read.</summary>
    Mesif,

    /// <summary>A modified line stays dirty with its owner when it is read, and the owner goes on supplying it.
    /// </summary>
    Moesi,
}

/// <summary>How far two cores are from each other.</summary>
public enum Distance
{
    /// <summary>Threads of one core.</summary>
    Core,

    /// <summary>Cores that share an L3 cache.</summary>
    Near,

    /// <summary>Cores of one socket with different L3 caches.</summary>
    Socket,

    /// <summary>Cores of different sockets.</summary>
    Remote,
}

/// <summary>What lines lie at a distance cost, in picoseconds.</summary>
/// <param name="Load">A load of a line that a core there has modified.</param>
/// <param name="CleanLoad">A load of a line that a core there, or its L3, holds unmodified.</param>
/// <param name="Own">To get a line that a core there owns, for writing.</param>
/// <param name="Upgrade">To throw out the copies there, for a core that holds the line shared and wants to write.
/// </param>
public readonly record struct TransferCost(long Load, long CleanLoad, long Own, long Upgrade);

/// <summary>A machine as the simulator knows it. All times are in picoseconds.</summary>
public sealed record MachineModel
{
    /// <summary>Its name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>Which states shared lines are kept in.</summary>
    public required CoherenceProtocol Protocol { get; init; }

    /// <summary>Sockets, each with memory of its own.</summary>
    public required int Sockets { get; init; }

    /// <summary>L3 caches of a socket; the cores of one are each other's near ones.</summary>
    public required int L3PerSocket { get; init; }

    /// <summary>Cores of an L3 cache.</summary>
    public required int CoresPerL3 { get; init; }

    /// <summary>Threads that share the private caches of a core.</summary>
    public required int ThreadsPerCore { get; init; }

    /// <summary>Size of a core's L1 data cache, in bytes.</summary>
    public required int L1Bytes { get; init; }

    /// <summary>Size of a core's L2 cache, in bytes.</summary>
    public required int L2Bytes { get; init; }

    /// <summary>A load that its L1 cache serves.</summary>
    public required long L1Hit { get; init; }

    /// <summary>A load that its L2 cache serves.</summary>
    public required long L2Hit { get; init; }

    /// <summary>A load that its L3 cache serves.</summary>
    public required long L3Hit { get; init; }

    /// <summary>A load that the memory of its socket serves.</summary>
    public required long DramLocal { get; init; }

    /// <summary>A load that the memory of another socket serves.</summary>
    public required long DramRemote { get; init; }

    /// <summary>An atomic instruction on a line that the core owns already.</summary>
    public required long Atomic { get; init; }

    /// <summary>What a hand-over between the threads of one core costs beyond the atomic instruction.</summary>
    public required long SiblingHandOver { get; init; }

    /// <summary>By <see cref="Distance"/>; the entry of <see cref="Distance.Core"/> is not used.</summary>
    public required IReadOnlyList<TransferCost> Transfers { get; init; }

    /// <summary>Own and upgrade between cores of one socket while the line's home is the other socket; null where the
    /// home makes no difference.</summary>
    public long? FarHome { get; init; }

    /// <summary>Whether a load of a line that a near core has modified takes it over, so that the write that follows
    /// costs no second transaction.</summary>
    public bool LoadTakesOverNear { get; init; }

    /// <summary>An atomic instruction that the line's home executes for a core that does not own the line: the time
    /// until the core has the result. Null where cores execute all themselves.</summary>
    public long? FarAtomic { get; init; }

    /// <summary>How long the home is busy with one.</summary>
    public long FarAtomicBusy { get; init; }

    /// <summary>Whether a line that comes for one thread of a core serves the other too, if that waits for it as well;
    /// otherwise it queues like everybody.</summary>
    public bool ServesSibling { get; init; }

    /// <summary>For how long after its arrival whoever got a line that others wait for may go on with atomic
    /// instructions on it; at 0 it makes the one that it came for.</summary>
    public long Burst { get; init; }

    /// <summary>How much of the time that a task waits for a line goes by with what follows in its program.</summary>
    public long Overlap { get; init; }

    /// <summary>Stores that may wait for their lines.</summary>
    public required int StoreBuffer { get; init; }

    /// <summary>How much longer a thread takes for what it does by itself while its sibling runs too.</summary>
    public required double SmtSlowdown { get; init; }

    /// <summary>Whether a miss in L2 fetches the other line of the aligned pair too.</summary>
    public required bool FetchesPairs { get; init; }

    /// <summary>Whether a fetch for writing fetches the pair's other line for writing too, or only to read.</summary>
    public bool PairsAsDemand { get; init; } = true;

    /// <summary>Lines that a core's pair prefetcher fetches at a time, 1 to 16.</summary>
    public int PairRequests { get; init; } = 1;

    /// <summary>To go to sleep or to take up a task that was woken.</summary>
    public required long ContextSwitch { get; init; }

    /// <summary>From the wake-up of a sleeping task until its CPU has left idle.</summary>
    public required long WakeLatency { get; init; }

    /// <summary>What a kernel function costs besides the accesses that the model makes, by its name.</summary>
    public required IReadOnlyDictionary<string, long> Work { get; init; }

    /// <summary>Where each number comes from, by the name of its field.</summary>
    public required IReadOnlyDictionary<string, string> Sources { get; init; }

    /// <summary>Cores of the machine.</summary>
    public int Cores => Sockets * L3PerSocket * CoresPerL3;

    /// <summary>Threads of the machine: what the kernel calls CPUs.</summary>
    public int Cpus => Cores * ThreadsPerCore;

    /// <summary>The core that CPU number <paramref name="cpu"/> of a run is a thread of.</summary>
    /// <remarks>As the scheduler spreads runnable threads over an idle machine: sockets in turn, a core for each thread
    /// as long as there are idle cores, then the second threads of the cores in the same order.</remarks>
    public int CoreOf(int cpu)
    {
        int turn = cpu % Cores;
        int coresPerSocket = L3PerSocket * CoresPerL3;
        return (turn % Sockets * coresPerSocket) + SpreadOverL3(turn / Sockets);
    }

    /// <summary>How far two cores are from each other.</summary>
    public Distance DistanceOf(int core, int other)
    {
        int perSocket = L3PerSocket * CoresPerL3;
        return core == other ? Distance.Core
            : core / CoresPerL3 == other / CoresPerL3 ? Distance.Near
            : core / perSocket == other / perSocket ? Distance.Socket
            : Distance.Remote;
    }

    /// <summary>The socket of a core.</summary>
    public int SocketOf(int core) => core / (L3PerSocket * CoresPerL3);

    private int SpreadOverL3(int turn) => (turn % L3PerSocket * CoresPerL3) + (turn / L3PerSocket);
}
