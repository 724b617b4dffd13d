using System.Threading;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>What simulating page faults costs the host, in memory and in turns: neither depends on the host.</summary>
public sealed class SimulationCostTests
{
    private const int Cpus = 8;
    private const int Faults = 2_000;

    private static readonly MachineModel s_machine = MachineLibrary.Load("broadwell-ep-2s");

    [Fact]
    public void Run_FiveTimesTheFaults_TakesNoMoreMemory()
    {
        Cost once = Run(5 * Faults);
        Cost fiveTimes = Run(25 * Faults);

        Assert.Equal(once.ArenaBytes, fiveTimes.ArenaBytes);
        Assert.InRange(fiveTimes.Counts, once.Counts, 1.2 * once.Counts);
    }

    [Fact]
    public void Run_MoreFaults_CostAsMuchEach()
    {
        long first = Run(Faults).Turns;
        long second = Run(2 * Faults).Turns - first;
        long third = Run(3 * Faults).Turns - first - second;

        Assert.InRange(third / (double)second, 0.95, 1.05);
    }

    private static Cost Run(int operations)
    {
        var options = new SimulationOptions { Cpus = Cpus, Operations = operations };
        using var machine = new SimulatedMachine(
            new SimulatedProgram<AnonFault<StockLayout, FaultsAsMerged>>(), s_machine, options, CancellationToken.None);
        machine.Run();
        return new Cost(machine.Turns, machine.Arena.UsedBytes, machine.Statistics.Words.Length);
    }

    private sealed record Cost(long Turns, int ArenaBytes, int Counts);
}
