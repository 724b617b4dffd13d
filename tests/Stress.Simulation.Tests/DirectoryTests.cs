using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>The states of a line: each transition, and what must hold after any of them.</summary>
public sealed class DirectoryTests
{
    private const int Line = 3;

    // Of two sockets: 0 and 1 are near each other, 14 is in the other socket.
    private static readonly MachineModel s_mesif = MachineLibrary.Load("broadwell-ep-2s");
    private static readonly MachineModel s_moesi = MachineLibrary.Load("zen2-2s");
    private static readonly MachineModel s_far = MachineLibrary.Load("neoverse-n1");

    [Fact]
    public void Load_FromMemory_IsExclusive()
    {
        Directory directory = Make(s_mesif);

        (long arrives, Supply from) = directory.Give(0, Line, LineUse.Load, 100);

        Assert.Equal((100 + s_mesif.DramLocal, Supply.Memory), (arrives, from));
        Assert.Equal(LineState.Exclusive, directory[Line].State);
        Assert.True(directory.IsHit(0, in directory[Line], writes: true));
    }

    [Fact]
    public void Load_FromTheOtherSocketsMemory_CostsThat()
        => Assert.Equal(s_mesif.DramRemote, Make(s_mesif).Give(14, Line, LineUse.Load, 0).Arrives);

    [Fact]
    public void Load_OfAnExclusiveLine_SharesIt()
    {
        Directory directory = Make(s_mesif, (0, LineUse.Load));

        Assert.Equal(
            (s_mesif.Transfers[(int)Distance.Near].CleanLoad, Supply.Cache), directory.Give(1, Line, LineUse.Load, 0));
        Assert.Equal(LineState.Shared, directory[Line].State);
        Assert.False(directory.IsHit(0, in directory[Line], writes: true));
        Assert.True(directory.IsHit(0, in directory[Line], writes: false));
    }

    [Fact]
    public void Load_OfAModifiedLineUnderMesif_LeavesNoOwner()
    {
        Directory directory = Make(s_mesif, (0, LineUse.Store));

        Assert.Equal(
            (s_mesif.Transfers[(int)Distance.Near].Load, Supply.ModifiedHere),
            directory.Give(1, Line, LineUse.Load, 0));
        Assert.Equal((LineState.Shared, (short)-1), (directory[Line].State, directory[Line].Owner));
    }

    [Fact]
    public void Load_OfAModifiedLineElsewhereUnderMoesi_LeavesItOwned()
    {
        Directory directory = Make(s_moesi, (0, LineUse.Store));

        Assert.Equal(Supply.ModifiedHere, directory.Give(4, Line, LineUse.Load, 0).From);
        Assert.Equal((LineState.Owned, (short)0), (directory[Line].State, directory[Line].Owner));
        Assert.Equal(Supply.ModifiedThere, directory.Give(64, Line, LineUse.Load, 0).From);
    }

    [Fact]
    public void Load_OfANearModifiedLineWhereLoadsTakeOver_MovesIt()
    {
        Directory directory = Make(s_moesi, (0, LineUse.Store));

        directory.Give(1, Line, LineUse.Load, 0);

        Assert.True(directory.IsHit(1, in directory[Line], writes: true));
        Assert.False(directory.IsHit(0, in directory[Line], writes: false));
    }

    [Fact]
    public void Store_ByASharer_ThrowsTheFarthestOut()
    {
        Directory directory = Make(s_mesif, (0, LineUse.Load), (1, LineUse.Load), (14, LineUse.Load));

        Assert.Equal(
            (s_mesif.Transfers[(int)Distance.Remote].Upgrade, Supply.Upgrade),
            directory.Give(0, Line, LineUse.Store, 0));
        Assert.Equal(LineState.Modified, directory[Line].State);
        Assert.False(directory.IsHit(14, in directory[Line], writes: false));
    }

    [Theory]
    [InlineData(1, Distance.Near, nameof(Supply.ModifiedHere))]
    [InlineData(14, Distance.Remote, nameof(Supply.ModifiedThere))]
    public void Store_OfAModifiedLine_TakesItFromWhereItIs(int core, Distance away, string supply)
    {
        Directory directory = Make(s_mesif, (0, LineUse.Store));

        (long arrives, Supply from) = directory.Give(core, Line, LineUse.Store, 0);

        Assert.Equal((s_mesif.Transfers[(int)away].Own, supply), (arrives, from.ToString()));
    }

    [Fact]
    public void Store_FarFromTheHome_CostsTheWayThere()
    {
        Directory directory = Make(s_moesi, (64, LineUse.Store));

        Assert.Equal(s_moesi.FarHome!.Value, directory.Give(68, Line, LineUse.Store, 0).Arrives);
    }

    [Fact]
    public void Atomic_WhereTheHomeExecutesIt_MovesNoLine()
    {
        Directory directory = Make(s_far, (0, LineUse.Load), (1, LineUse.Load));

        Assert.Equal(s_far.FarAtomic!.Value, directory.Give(2, Line, LineUse.Atomic, 0).Arrives);
        Assert.Equal(LineState.Home, directory[Line].State);
        Assert.Equal(s_far.FarAtomicBusy, directory[Line].BusyUntil);
        Assert.Equal(0, directory.Sharers.CountOf(in directory[Line]));
    }

    [Theory]
    [InlineData("broadwell-ep-2s")]
    [InlineData("zen3-2s")]
    [InlineData("neoverse-n1")]
    public void Give_RandomUses_AgreeWithAModelThatKeepsSets(string name)
    {
        MachineModel machine = MachineLibrary.Load(name);
        var random = new Xoshiro256(SplitMix64.Derive(7, 1));
        var directory = new Directory(machine, 4);
        Reference[] lines = [.. Enumerable.Range(0, 4).Select(_ => new Reference())];
        for (int i = 0; i < 20_000; i++)
        {
            int core = (int)random.Next((uint)machine.Cores);
            int line = (int)random.Next(4);
            var use = (LineUse)random.Next(3);
            if (directory.IsHit(core, in directory[line], use != LineUse.Load))
            {
                // A core may write what it has alone without telling anybody.
                directory[line].State = use == LineUse.Load ? directory[line].State : LineState.Modified;
                lines[line].Wrote(core, use != LineUse.Load);
                continue;
            }

            bool isFar = directory.IsFar(core, in directory[line], use);
            Supply from = directory.Give(core, line, use, i).From;
            string wrong = lines[line].Use(machine, core, use, isFar, from) ?? Wrong(machine, directory, line) ?? "";
            Assert.True(wrong.Length == 0, $"step {i}, core {core}, {use}: {wrong}");
            Assert.All(
                Enumerable.Range(0, machine.Cores),
                other => Assert.Equal(
                    lines[line].Holders.Contains(other), directory.Sharers.Has(in directory[line], other)));
        }
    }

    [Fact]
    public void Invariants_WriterWithAnotherCopy_IsCaught()
    {
        Directory directory = Make(s_mesif, (0, LineUse.Load), (1, LineUse.Load), (0, LineUse.Store));
        Assert.Null(Wrong(s_mesif, directory, Line));

        directory.Sharers.Add(ref directory[Line], 1);

        Assert.Equal("a writer is not alone", Wrong(s_mesif, directory, Line));
    }

    [Fact]
    public void Invariants_OwnedLineUnderMesif_IsCaught()
    {
        Directory directory = Make(s_mesif, (0, LineUse.Store), (1, LineUse.Load));
        Assert.Null(Wrong(s_mesif, directory, Line));

        directory[Line].State = LineState.Owned;

        Assert.Equal("the protocol has no owned lines", Wrong(s_mesif, directory, Line));
    }

    [Fact]
    public void Reference_SupplyFromTheWrongCore_IsCaught()
    {
        var reference = new Reference();
        Assert.Null(reference.Use(s_mesif, 0, LineUse.Store, false, Supply.Memory));

        Assert.Equal(
            "came as Memory, not as ModifiedHere", reference.Use(s_mesif, 1, LineUse.Load, false, Supply.Memory));
    }

    // What must hold of a line at any time.
    private static string? Wrong(MachineModel machine, Directory directory, int number)
    {
        ref CacheLine line = ref directory[number];
        int sharers = directory.Sharers.CountOf(in line);
        return line.State switch
        {
            LineState.Modified or LineState.Exclusive when sharers != 1 || !directory.Sharers.Has(in line, line.Owner)
                => "a writer is not alone",
            LineState.Shared when sharers == 0 || line.Owner >= 0 => "a shared line has an owner, or nobody",
            LineState.Owned when machine.Protocol == CoherenceProtocol.Mesif => "the protocol has no owned lines",
            LineState.Owned when !directory.Sharers.Has(in line, line.Owner) => "an owner has no copy",
            LineState.Home or LineState.Memory when sharers != 0 => "a core has a line that none has",
            _ => null,
        };
    }

    private static Directory Make(MachineModel machine, params ReadOnlySpan<(int Core, LineUse Use)> uses)
    {
        var directory = new Directory(machine, Line + 1);
        foreach ((int core, LineUse use) in uses)
        {
            directory.Give(core, Line, use, 0);
        }

        return directory;
    }

    /// <summary>A line as sets: who has it, and whose version is not in memory.</summary>
    private sealed class Reference
    {
        private int _dirty = -1;
        private bool _isInCaches;

        public HashSet<int> Holders { get; } = [];

        public void Wrote(int core, bool writes) => _dirty = writes ? core : _dirty;

        /// <returns>What is wrong with where the line came from; null for nothing.</returns>
        public string? Use(MachineModel machine, int core, LineUse use, bool isFar, Supply from)
        {
            Supply expected = Expected(machine, core, use, isFar);
            bool takesOver = use == LineUse.Load && machine.LoadTakesOverNear && _dirty >= 0 && Holders.Count == 1
                && machine.DistanceOf(core, _dirty) == Distance.Near;
            if (isFar)
            {
                Holders.Clear();
                _dirty = -1;
            }
            else if (use != LineUse.Load || takesOver)
            {
                Holders.Clear();
                Holders.Add(core);
                _dirty = core;
            }
            else
            {
                Holders.Add(core);
                _dirty = machine.Protocol == CoherenceProtocol.Mesif ? -1 : _dirty;
            }

            _isInCaches = true;
            return from == expected ? null : $"came as {from}, not as {expected}";
        }

        private Supply Expected(MachineModel machine, int core, LineUse use, bool isFar)
            => isFar ? _dirty >= 0 ? Supply.ModifiedHere : Supply.Cache
                : use != LineUse.Load && Holders.Contains(core) ? Supply.Upgrade
                : _dirty >= 0 && machine.DistanceOf(core, _dirty) == Distance.Remote ? Supply.ModifiedThere
                : _dirty >= 0 ? Supply.ModifiedHere
                : _isInCaches ? Supply.Cache
                : Supply.Memory;
    }
}
