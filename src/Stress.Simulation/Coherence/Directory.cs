using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stress.Simulation;

/// <summary>How a line came to whoever asked for it.</summary>
internal enum Supply : byte
{
    /// <summary>From a cache of the core's own socket that had it unmodified.</summary>
    Cache,

    /// <summary>From a core of the same socket that had modified it.</summary>
    ModifiedHere,

    /// <summary>From a core of another socket that had modified it.</summary>
    ModifiedThere,

    /// <summary>From memory.</summary>
    Memory,

    /// <summary>It was there, and the copies of others were thrown out.</summary>
    Upgrade,
}

/// <summary>Hands lines to cores: states, costs, and the order of those who wait.</summary>
/// <remarks>
/// A line serves one core at a time: who asks while it is on its way to another one waits behind those who came before.
/// Loads of an unmodified line disturb nobody and are served at once. All transitions happen here.
/// Source of the states: M. Papamarcos, J. Patel, A Low-Overhead Coherence Solution (ISCA 1984) for MESI; Intel's F and
/// AMD's O states as their optimisation manuals describe them.
/// </remarks>
internal sealed unsafe class Directory
{
    private readonly MachineModel _machine;
    private readonly TransferCost[] _transfers;
    private readonly Distance[] _distances;
    private readonly SharerSets _sharers;

    // Pinned, so that a line of the simulated memory is a line of the host's.
    private readonly byte[] _memory;
    private readonly CacheLine* _lines;

    public Directory(MachineModel machine, int lines)
    {
        _machine = machine;
        _transfers = [.. machine.Transfers];
        _sharers = new SharerSets(machine.Cores);
        Lines = lines;
        _memory = GC.AllocateArray<byte>((lines + 1) * CacheLine.Bytes, pinned: true);
        nint first = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _lines = (CacheLine*)((first + CacheLine.Bytes - 1) & -CacheLine.Bytes);
        _distances = new Distance[machine.Cores * machine.Cores];
        for (int a = 0; a < machine.Cores; a++)
        {
            for (int b = 0; b < machine.Cores; b++)
            {
                _distances[(a * machine.Cores) + b] = machine.DistanceOf(a, b);
            }
        }
    }

    public int Lines { get; }

    public int Cores => _machine.Cores;

    public SharerSets Sharers => _sharers;

    public ref CacheLine this[int line] => ref _lines[line];

    /// <summary>Whether a core can make an access without asking anybody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsHit(int core, in CacheLine line, bool writes)
        => writes ? line.IsWritableBy(core) : _sharers.Has(in line, core);

    /// <summary>Whether a load can be served beside whatever else happens to the line.</summary>
    public static bool IsServedBeside(in CacheLine line, long at)
        => line.First == 0 && line.BusyUntil <= at
            && line.State is (LineState.Shared or LineState.Home or LineState.Owned);

    /// <summary>What it would take to give a line to a core now.</summary>
    /// <inheritdoc cref="Give"/>
    public long CostFor(int core, int number, LineUse use)
    {
        ref CacheLine line = ref _lines[number];
        return IsFar(core, in line, use) ? AtHomeCost(core, in line).Cost
            : use == LineUse.Load ? LoadCost(core, in line).Cost
            : OwnCost(core, in line).Cost;
    }

    /// <summary>Gives a line to a core.</summary>
    /// <param name="core">Who gets it.</param>
    /// <param name="number">The line.</param>
    /// <param name="use">What for.</param>
    /// <param name="at">When.</param>
    /// <returns>When it arrives, and from where.</returns>
    public (long Arrives, Supply From) Give(int core, int number, LineUse use, long at)
    {
        ref CacheLine line = ref _lines[number];
        bool isFar = IsFar(core, in line, use);
        (long cost, Supply from) = Move(core, ref line, use);
        if (isFar)
        {
            line.BusyUntil = at + _machine.FarAtomicBusy;
        }
        else if (use != LineUse.Load || from is Supply.ModifiedHere or Supply.ModifiedThere)
        {
            // Whoever it came for makes its instruction before the line can be called for again: a hand-off as it is
            // measured, by two threads that compare and exchange, is a transfer and an instruction.
            line.BusyUntil = at + cost + (use == LineUse.Atomic ? _machine.Atomic : 0);
        }

        return (at + cost, from);
    }

    /// <summary>Whether the line's home makes an access in place of the core: it does unless the core has the line, or
    /// nobody has, or the same core comes to the home again.</summary>
    public bool IsFar(int core, in CacheLine line, LineUse use)
        => use == LineUse.Atomic && _machine.FarAtomic is not null && line.State != LineState.Memory
            && line.Owner != core && !(line.State == LineState.Home && line.LastAtHome == core);

    private (long Cost, Supply From) Move(int core, ref CacheLine line, LineUse use)
        => IsFar(core, in line, use) ? AtHome(core, ref line)
            : use == LineUse.Load ? Load(core, ref line)
            : Own(core, ref line);

    // The home calls the line back first where a core has it alone.
    private (long Cost, Supply From) AtHome(int core, ref CacheLine line)
    {
        (long cost, Supply from) = AtHomeCost(core, in line);
        line.LastAtHome = (byte)core;
        line.State = LineState.Home;
        _sharers.Clear(ref line);
        line.Owner = -1;
        return (cost, from);
    }

    private (long Cost, Supply From) AtHomeCost(int core, in CacheLine line)
        => line.State >= LineState.Exclusive
            ? Take(core, line.Owner, in line) : (_machine.FarAtomic!.Value, Supply.Cache);

    private (long Cost, Supply From) Load(int core, ref CacheLine line)
    {
        (long cost, Supply from) = LoadCost(core, in line);
        switch (line.State)
        {
            case LineState.Memory:
                line.State = LineState.Exclusive;
                line.Owner = (short)core;
                break;

            case LineState.Modified when IsTakenOver(core, in line):
                line.Owner = (short)core;
                _sharers.Clear(ref line);
                break;

            case LineState.Modified or LineState.Owned when _machine.Protocol == CoherenceProtocol.Moesi:
                line.State = LineState.Owned;
                break;

            default:
                line.State = LineState.Shared;
                line.Owner = -1;
                break;
        }

        _sharers.Add(ref line, core);
        return (cost, from);
    }

    private (long Cost, Supply From) LoadCost(int core, in CacheLine line)
    {
        switch (line.State)
        {
            case LineState.Memory:
                return (Dram(core, line.HomeSocket), Supply.Memory);

            case LineState.Home:
                return (_machine.L3Hit, Supply.Cache);

            case LineState.Shared:
                return (CleanCost(core, in line), Supply.Cache);

            case LineState.Exclusive:
                return (_transfers[(int)DistanceOf(core, line.Owner)].CleanLoad, Supply.Cache);

            default:
                Distance away = DistanceOf(core, line.Owner);
                return (_transfers[(int)away].Load,
                    away == Distance.Remote ? Supply.ModifiedThere : Supply.ModifiedHere);
        }
    }

    private bool IsTakenOver(int core, in CacheLine line)
        => _machine.LoadTakesOverNear && DistanceOf(core, line.Owner) == Distance.Near;

    private (long Cost, Supply From) Own(int core, ref CacheLine line)
    {
        (long cost, Supply from) = OwnCost(core, in line);
        line.State = LineState.Modified;
        line.Owner = (short)core;
        _sharers.SetOnly(ref line, core);
        return (cost, from);
    }

    private (long Cost, Supply From) OwnCost(int core, in CacheLine line) => line.State switch
    {
        LineState.Memory => (Dram(core, line.HomeSocket), Supply.Memory),
        LineState.Home => (_machine.L3Hit, Supply.Cache),
        LineState.Exclusive or LineState.Modified => Take(core, line.Owner, in line),
        _ => ThrowOut(core, in line),
    };

    private (long Cost, Supply From) Take(int core, int owner, in CacheLine line)
    {
        Distance away = DistanceOf(core, owner);
        return (Homed(core, away, _transfers[(int)away].Own, line.HomeSocket),
            line.State == LineState.Exclusive ? Supply.Cache
                : away == Distance.Remote ? Supply.ModifiedThere : Supply.ModifiedHere);
    }

    // The copy that is farthest away says how long it takes.
    private (long Cost, Supply From) ThrowOut(int core, in CacheLine line)
    {
        Distance farthest = Distance.Core;
        for (int other = _sharers.From(in line, 0); other >= 0; other = _sharers.From(in line, other + 1))
        {
            Distance away = DistanceOf(core, other);
            farthest = away > farthest ? away : farthest;
            if (farthest == Distance.Remote)
            {
                break;
            }
        }

        bool has = _sharers.Has(in line, core);
        Supply from = has ? Supply.Upgrade
            : line.State != LineState.Owned ? Supply.Cache
            : DistanceOf(core, line.Owner) == Distance.Remote ? Supply.ModifiedThere : Supply.ModifiedHere;
        TransferCost transfer = _transfers[(int)farthest];
        return (farthest == Distance.Core ? _machine.L3Hit
            : Homed(core, farthest, has ? transfer.Upgrade : transfer.Own, line.HomeSocket), from);
    }

    // Where lines have a home node, two cores far from it pay the way there although they are close to each other.
    private long Homed(int core, Distance away, long cost, int home)
        => away == Distance.Socket && _machine.FarHome is { } far && _machine.SocketOf(core) != home ? far : cost;

    // With several copies in the own socket its L3 has the line; with one, the core that has it is asked.
    private long CleanCost(int core, in CacheLine line)
    {
        Distance nearest = Distance.Remote;
        int near = 0;
        for (int other = _sharers.From(in line, 0); other >= 0; other = _sharers.From(in line, other + 1))
        {
            Distance away = DistanceOf(core, other);
            nearest = away < nearest ? away : nearest;
            near += away <= Distance.Near ? 1 : 0;
            if (near > 1)
            {
                break;
            }
        }

        return near > 1 || nearest == Distance.Core ? _machine.L3Hit : _transfers[(int)nearest].CleanLoad;
    }

    private long Dram(int core, int home) => _machine.SocketOf(core) == home ? _machine.DramLocal : _machine.DramRemote;

    private Distance DistanceOf(int core, int other) => _distances[(core * _machine.Cores) + other];
}
