using System.Runtime.InteropServices;

namespace Stress.Simulation;

/// <summary>What the directory knows of a line. From <see cref="Exclusive"/> on it has an owner.</summary>
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

/// <summary>One line of memory, and who waits for it: a line of the host's memory too. Agents and tasks stand here by
/// their number plus 1, and 0 is nobody.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct CacheLine
{
    public const int Bytes = 64;

    private const long NotLong = 5_000_000;

    /// <summary>Cores that have a copy, as <see cref="SharerSets"/> keeps them.</summary>
    public ulong Sharers;

    /// <summary>Until when it serves whoever got it last: nobody else gets it before.</summary>
    public long BusyUntil;

    /// <summary>When it has arrived where it went last.</summary>
    public long ArrivesAt;

    /// <summary>Until when an atomic instruction of its owner locks it.</summary>
    public long LockedUntil;

    /// <summary>While somebody waits: when it goes to the first of them.</summary>
    public long LeavesAt;

    /// <summary>When it last went from one core to another.</summary>
    public long MovedAt;

    /// <summary>Agents that wait for it, in the order in which they came.</summary>
    public short First;

    public short Last;

    /// <summary>Tasks that spin on it: they look again when it changes.</summary>
    public short Spinners;

    /// <summary>The core that owns it, while there is one; -1 after that.</summary>
    public short Owner;

    /// <summary>The task that made the last atomic instruction on it.</summary>
    public short LastThread;

    /// <summary>The task that it went to last: while others wait, nobody else of its core may use it.</summary>
    public short GrantedTo;

    /// <summary>The core that used it last at its home.</summary>
    public byte LastAtHome;

    /// <summary>The socket whose memory it is.</summary>
    public byte HomeSocket;

    public LineState State;

    private LineFlags _flags;

    /// <summary>Whether the task that it came for may try its compare-and-exchange again, as that has failed.</summary>
    public bool MayRetry
    {
        readonly get => (_flags & LineFlags.MayRetry) != 0;
        set => _flags = value ? _flags | LineFlags.MayRetry : _flags & ~LineFlags.MayRetry;
    }

    /// <summary>Whether a core owns it.</summary>
    public readonly bool IsOwnedBy(int core) => Owner == core && State >= LineState.Exclusive;

    /// <summary>Whether a core may write to it.</summary>
    public readonly bool IsWritableBy(int core)
        => Owner == core && State is (LineState.Modified or LineState.Exclusive);

    /// <summary>Whether cores compete for it, so that the order of their accesses matters.</summary>
    public readonly bool IsContended(long now)
        => (_flags & LineFlags.MovedTwice) != 0 && now - MovedAt < NotLong;

    /// <summary>It goes from one core to another.</summary>
    public void Move(long at)
    {
        // Twice in not long, and it is competed for.
        _flags = at - MovedAt < NotLong ? _flags | LineFlags.MovedTwice : _flags & ~LineFlags.MovedTwice;
        MovedAt = at;
    }

    [System.Flags]
    private enum LineFlags : byte
    {
        None = 0,
        MayRetry = 1,
        MovedTwice = 2,
    }
}
