using System;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>What whole programs come to: elementary cases give back the numbers of the machine file.</summary>
public sealed class SimulatorTests
{
    private static readonly MachineModel s_broadwell = MachineLibrary.Load("broadwell-ep-2s");

    public static TheoryData<string> Machines => [.. MachineLibrary.Names];

    // The published figures are round trips over 2 of two threads that compare and exchange one flag.
    [Fact]
    public void HandOff_BetweenSockets_IsTheMachineFiles()
        => AssertHandOff<TwoCpus>(s_broadwell, 127.5);

    [Fact]
    public void HandOff_InASocket_IsTheMachineFiles()
        => AssertHandOff<ThreeCpus>(s_broadwell, 45.2);

    [Fact]
    public void HandOff_BetweenThreadsOfACore_IsTheMachineFiles()
        => AssertHandOff<TwentyNineCpus>(s_broadwell, 8.3);

    [Theory]
    [InlineData("skylake-sp-2s", 141.4)]
    [InlineData("ice-lake-sp-2s", 107.8)]
    [InlineData("zen2-2s", 266.6)]
    [InlineData("zen3-2s", 303.7)]
    [InlineData("zen4-2s", 198.4)]
    public void HandOff_BetweenSocketsOfOthers_IsTheirFiles(string machine, double expected)
        => AssertHandOff<TwoCpus>(MachineLibrary.Load(machine), expected);

    [Theory]
    [MemberData(nameof(Machines))]
    public void Run_EachMachine_RunsOnAllItsCpus(string name)
    {
        MachineModel machine = MachineLibrary.Load(name);

        SimulationResult result = Simulator.Run<Adders>(machine, Options(Math.Min(machine.Cpus, 64)));

        Assert.True(result.Elapsed > 0);
    }

    [Fact]
    public void Atomic_Alone_TakesTheTimeOfTheInstruction()
    {
        SimulationResult result = Simulator.Run<Adders>(s_broadwell, Options(1));

        AssertNear(6.1, result.Elapsed / 1000.0 / Adders.Additions, 0.02);
    }

    // The published throughput of contended additions on Skylake client, 22.1 ns for each of two threads' additions,
    // from its instruction (7.0 ns) and the hand-off of its sister (21 ns): concurrency-hierarchy-bench, atomic-tests.
    [Fact]
    public void Atomic_TwoThreads_IsNearThePublishedThroughput()
    {
        MachineModel client = Client(atomic: 7_000, handOff: 21_000);

        SimulationResult result = Simulator.Run<Adders>(client, Options(2));

        AssertNear(22.1, result.Elapsed / 1000.0 / (2 * Adders.Additions), 0.1);
    }

    [Fact]
    public void Atomic_ManyThreads_StaysAtTheHandOff()
    {
        MachineModel client = Client(atomic: 7_000, handOff: 21_000);

        SimulationResult result = Simulator.Run<Adders>(client, Options(4));

        AssertNear(21, result.Elapsed / 1000.0 / (4 * Adders.Additions), 0.02);
    }

    // What the calibration puts into a file of two threads that make an addition every 10 ns, with a hand-off of 240.
    [Fact]
    public void Burst_TwoThreads_MakeAsManyAdditionsAsItIsMadeFrom()
    {
        MachineModel host = Client(atomic: 5_500, handOff: 240_000) with { Burst = 5_500 * 23 };

        SimulationResult result = Simulator.Run<Adders>(host, Options(2));

        AssertNear(10, result.Elapsed / 1000.0 / (2 * Adders.Additions), 0.05);
    }

    [Fact]
    public void Overlap_HidesItsPartOfEachHandOff()
    {
        MachineModel host = Client(atomic: 5_500, handOff: 240_000);

        double all = PauseNs(host);
        double part = PauseNs(host with { Overlap = 60_000 });

        // The loads of a pause take 500 ns, more than two hand-offs, so that the line is never waited for twice.
        AssertNear(60, all - part, 0.05);
    }

    [Fact]
    public void Overlap_OfALineThatNobodyWants_ChangesNothing()
    {
        MachineModel host = Client(atomic: 5_500, handOff: 240_000);

        Assert.Equal(
            Simulator.Run<Adders>(host, Options(1)).Elapsed,
            Simulator.Run<Adders>(host with { Overlap = 60_000 }, Options(1)).Elapsed, tolerance: 60_000.0);
    }

    [Fact]
    public void FarAtomic_ManyThreads_IsLimitedByTheHome()
    {
        MachineModel machine = MachineLibrary.Load("neoverse-n1");

        SimulationResult result = Simulator.Run<Adders>(machine, Options(16));

        AssertNear(8.5, result.Elapsed / 1000.0 / (16 * Adders.Additions), 0.05);
    }

    [Fact]
    public void Prefetch_WriteOfOneLine_ThrowsReadersOfItsPairOut()
    {
        SimulationResult result = Simulator.Run<Pair>(s_broadwell, Options(4, operations: 2_000));

        Assert.True(Loads(result, 64) > 0);
        Assert.Equal(0, Loads(result, 128));
    }

    [Fact]
    public void Prefetch_Off_LeavesThemAlone()
    {
        SimulationResult result = Simulator.Run<Pair>(
            s_broadwell, Options(4, operations: 2_000) with { Prefetches = false });

        Assert.Equal(0, Loads(result, 64));
        Assert.Equal(0, Loads(result, 128));
    }

    [Fact]
    public void Prefetch_AlwaysToRead_DisturbsNoReader()
    {
        SimulationResult result = Simulator.Run<Pair>(
            s_broadwell with { PairsAsDemand = false }, Options(4, operations: 2_000));

        Assert.Equal(0, Loads(result, 64));
    }

    // The reader's misses fetch the written line too, and take it from whoever adds.
    [Fact]
    public void Prefetch_ReadBesideAWrittenLine_SlowsTheWriters()
    {
        SimulationOptions options = Options(4, operations: 2_000);

        SimulationResult on = Simulator.Run<Pair>(s_broadwell, options);
        SimulationResult off = Simulator.Run<Pair>(s_broadwell, options with { Prefetches = false });

        Assert.True(Misses(on, 0) > 0);
        Assert.True(on.Elapsed > off.Elapsed);
    }

    [Fact]
    public void Moved_Field_IsNoLongerBesideTheOther()
    {
        SimulationOptions options = Options(4, operations: 2_000) with { Moved = new MovedField("pair", 64, 8) };

        Assert.Equal(0, Loads(Simulator.Run<Pair>(s_broadwell, options), 64));
    }

    [Fact]
    public void Run_Twice_CountsTheSame()
    {
        SimulationOptions options = Options(12, operations: 300);

        string[] runs =
        [
            .. Enumerable.Range(0, 2)
                .Select(_ => JsonSerializer.Serialize(Simulator.Run<Pair>(s_broadwell, options))),
        ];

        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void Writers_BehindALongReader_Sleep()
    {
        SimulationResult result = Simulator.Run<Writers>(s_broadwell, Options(3, operations: 30));

        Assert.True(result.Asleep > 0);
        Assert.True(result.System > 0);
        Assert.True(result.System <= result.Busy);
        Assert.True(result.Busy + result.Asleep <= 3 * result.Elapsed);
        Assert.Contains(result.Locks, report => report.Class == "sem" && report.Contended > 0);
    }

    [Fact]
    public void Run_MoreCpusThanTheMachineHas_IsRefused()
        => Assert.Contains(
            "has 56 CPUs",
            Assert.Throws<ArgumentException>(() => Simulator.Run<Adders>(s_broadwell, Options(57))).Message,
            StringComparison.Ordinal);

    private static SimulationOptions Options(int cpus, int operations = 1)
        => new() { Cpus = cpus, Operations = operations, WarmUp = operations == 1 ? 0 : 100, ArenaBytes = 1 << 20 };

    private static double PauseNs(MachineModel machine)
        => Simulator.Run<PausingAdders>(machine, Options(2)).Elapsed / 1000.0 / PausingAdders.Additions;

    private static void AssertHandOff<TShape>(MachineModel machine, double expected)
        where TShape : struct, IShape
    {
        SimulationResult result = Simulator.Run<PingPong<TShape>>(machine, Options(TShape.Cpus));

        AssertNear(expected, result.Elapsed / 1000.0 / (2 * PingPong<TShape>.Rounds), 0.02);
    }

    private static void AssertNear(double expected, double actual, double share)
        => Assert.True(Math.Abs((actual / expected) - 1) <= share, $"{actual:F2} instead of {expected:F2}");

    private static long Loads(SimulationResult result, int offset)
        => result.Lines.SelectMany(line => line.Words).Where(word => word.Offset == offset).Sum(word => word.Loads);

    private static long Misses(SimulationResult result, int offset)
        => result.Lines.SelectMany(line => line.Words).Where(word => word.Offset == offset)
            .Sum(word => word.StoreMisses);

    private static MachineModel Client(long atomic, long handOff)
    {
        var transfer = new TransferCost(handOff - atomic, handOff - atomic, handOff - atomic, handOff - atomic);
        return s_broadwell with
        {
            Name = "client",
            Sockets = 1,
            CoresPerL3 = 4,
            Atomic = atomic,
            Transfers = [default, transfer, transfer, transfer],
        };
    }
}
