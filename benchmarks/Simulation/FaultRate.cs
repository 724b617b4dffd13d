using BenchmarkDotNet.Attributes;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;
using Stress.Simulation;

namespace Stress.Benchmarks.Simulation;

/// <summary>How fast one core of this host simulates: page faults of the stock layout on Broadwell-EP, those of the warm-up
/// among them, and the making of the machine.</summary>
[OperationsPerSecond]
public class FaultRate
{
    private const int Faults = 112_000;
    private const int WarmUp = 600;

    private readonly MachineModel _machine = MachineLibrary.Load("broadwell-ep-2s");

    [Params(1, 7, 56)]
    public int Cpus { get; set; } = 56;

    [Benchmark(OperationsPerInvoke = Faults)]
    public long Simulate()
    {
        var options = new SimulationOptions { Cpus = Cpus, Operations = (Faults / Cpus) - WarmUp, WarmUp = WarmUp };
        return Simulator.Run<AnonFault<StockLayout, FaultsAsMerged>>(_machine, options).Elapsed;
    }
}
