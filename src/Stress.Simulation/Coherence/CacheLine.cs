using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stress.Simulation;

/// <summary>What the directory knows of a line.</summary>
internal enum LineState : byte
{
    /// <summary>No cache has it.</summary>
    Memory,

    /// <summary>No core has it; its home does (after an atomic that the home executed).</summary>
    Home,

    /// <summary>Some cores have it, unmodified.</summary>
    Shared,

    /// <summary>One core has it alone, unmodified (E).</summary>
    Exclusive,

    /// <summary>One core has it alone, modified (M).</summary>
    Modified,

    /// <summary>Its owner has modified it, and others have copies (O).</summary>
    Owned,
}

/// <summary>One line of memory, and who waits for it.</summary>
internal struct CacheLine
{
    public SharerSet Sharers;

    /// <summary>Until when it serves whoever got it last: nobody else gets it before.</summary>
    public long BusyUntil;

    /// <summary>When it has arrived where it went last.</summary>
    public long ArrivesAt;

    /// <summary>Until when an atomic instruction of its owner locks it.</summary>
    public long LockedUntil;

    /// <summary>While somebody waits: when it goes to the first of them.</summary>
    public long LeavesAt;

    /// <summary>Those who wait for it, in the order in which they came.</summary>
    public Agent? First;

    public Agent? Last;

    /// <summary>Tasks that spin on it: they look again when it changes.</summary>
    public SimulatedTask? Spinners;

    public short Owner;
    /// <summary>The thread that made the last atomic access.</summary>
    /// <summary>The task that made the last atomic instruction on it, plus 1; 0 before the first.</summary>
    public short LastThread;

    /// <summary>The thread that it was given to: while others wait, nobody else of its core may use it.</summary>
    public short GivenTo;


    /// <summary>The core that used it last at its home.</summary>
    public short LastAtHome;

    /// <summary>The task that it went to last: while others wait, nobody else of its core may use it.</summary>
    public short GrantedTo;

    public LineState State;

    /// <summary>Whether the task that it came for may try its compare-and-exchange again, as that has failed.</summary>
    public bool MayRetry;

    /// <summary>The socket whose memory it is.</summary>
    public byte HomeSocket;

    /// <summary>Whether the move before the last one was not long ago either.</summary>
    public bool MovedTwice;

    /// <summary>When it last went from one core to another.</summary>
    public long MovedAt;

    private const long NotLong = 5_000_000;

    /// <summary>Whether cores compete for it, so that the order of their accesses matters.</summary>
    public readonly bool IsContended(long now) => MovedTwice && now - MovedAt < NotLong;

    /// <summary>It goes from one core to another.</summary>
    public void Move(long at)
    {
        MovedTwice = at - MovedAt < NotLong;
        MovedAt = at;
    }
}

/// <summary>Cores that have a copy.</summary>
[InlineArray(Words)]
internal struct SharerSet
{
    private const int Words = MachineFile.MaxCores / 64;

    private ulong _word;

    public readonly bool Has(int core) => ((this[core >> 6] >> core) & 1) != 0;

    /// <summary>Takes note of a core.</summary>
    public void Add(int core) => this[core >> 6] |= 1ul << core;

    public void SetOnly(int core)
    {
        this = default;
        Add(core);
    }

    public readonly int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < Words; i++)
            {
                count += BitOperations.PopCount(this[i]);
            }

            return count;
        }
    }

    /// <summary>The first sharer from a core up; -1 when there is none.</summary>
    public readonly int From(int core)
    {
        for (int word = core >> 6; word < Words; word++)
        {
            ulong bits = this[word] & (word == core >> 6 ? ulong.MaxValue << core : ulong.MaxValue);
            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return -1;
    }
}
