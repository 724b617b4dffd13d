using System;
using System.Collections.Generic;
using System.Globalization;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;
using Stress.Simulation;

namespace Stress.Calibration;

/// <summary>A machine file for this host.</summary>
/// <param name="Lines">Its fields.</param>
/// <param name="Text">The file.</param>
/// <param name="Pairs">The hand-off of each pair of CPUs that was measured.</param>
/// <param name="FaultNs">A fault of one thread on the stock layout, as the host runs it.</param>
/// <param name="SimulatedNs">The same on the simulated machine, before its work is put in.</param>
internal sealed record HostMachine(
    IReadOnlyList<MachineLine> Lines, string Text, IReadOnlyList<PairTime> Pairs, Measured FaultNs, double SimulatedNs)
{
    /// <summary>What it is called: the name of the file, without its extension.</summary>
    public const string Name = "host";

    private const string WorkKey = "work do_user_addr_fault";
    private const int SimulatedFaults = 4_000;

    /// <summary>Measures the host.</summary>
    /// <param name="catalog">Where the scenario of the fault path is.</param>
    /// <param name="samples">Samples of each time.</param>
    /// <param name="progress">Sees what is measured next.</param>
    /// <remarks>
    /// The model's instructions cost the host something that is no access to shared memory, and the simulator does not
    /// execute them. That is one number, put in as the work of a fault: what one thread takes here for a fault on the
    /// stock layout, less what the simulated machine takes for its accesses. So that one row is no prediction.
    /// </remarks>
    /// <exception cref="UsageException">The host cannot be measured: says why.</exception>
    public static HostMachine Measure(IReadOnlyList<Scenario> catalog, int samples, Action<Func<ProgressNote>> progress)
    {
        try
        {
            HostTopology topology = HostTopology.Read();
            var calibrator = new Calibrator(topology, samples, progress);
            IReadOnlyList<MachineLine> measured = calibrator.Measure();
            progress(static () => "calibrate: work of a fault");
            Measured fault = NativeFaults.Measure(topology.Cpus[0], samples);
            double simulated = Simulate(catalog, [.. measured, WorkOf(0, "none yet")]);
            double work = Math.Max(0, fault.Nanoseconds - simulated);
            IReadOnlyList<MachineLine> lines =
            [
                .. measured,
                MachineLine.Count("work user", 0, "the loop around a fault is timed with it"),
                WorkOf(work, string.Create(
                    CultureInfo.InvariantCulture,
                    $"calibrated: a fault of one thread on the stock layout takes {fault.Nanoseconds:F1} ns here, and "
                    + $"its accesses {simulated:F1} on the simulated machine")),
            ];
            string text = MachineText.Write("Measured by 'stress machine calibrate'. Times are in nanoseconds.", lines);
            return new HostMachine(lines, text, calibrator.Pairs, fault, simulated);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new UsageException($"calibrate: {e.Message}");
        }
        catch (Exception e) when (e is MachineFileException or RunFailedException)
        {
            throw new UsageException(
                $"calibrate: what was measured makes no machine: {e.Message}; "
                + "try again on a quieter host");
        }
    }

    /// <summary>Refuses a host that cannot be measured, before anything is.</summary>
    /// <exception cref="UsageException">It cannot: says why.</exception>
    public static void Refuse()
    {
        try
        {
            HostTopology topology = HostTopology.Read();
            if (topology.Cpus.Count < 2)
            {
                throw new UsageException(
                    "calibrate: a hand-off needs two CPUs, and this process may use one; give it another");
            }
        }
        catch (PlatformNotSupportedException e)
        {
            throw new UsageException($"calibrate: {e.Message}");
        }
    }

    /// <summary>The machine that the file describes.</summary>
    public MachineModel Model() => MachineLibrary.Parse(Name, Name, Text);

    private static MachineLine WorkOf(double ns, string source) => MachineLine.Derived(WorkKey, ns, source);

    private static double Simulate(IReadOnlyList<Scenario> catalog, IReadOnlyList<MachineLine> lines)
    {
        MachineModel machine = MachineLibrary.Parse(Name, Name, MachineText.Write("", lines));
        Variant stock = catalog.Scenario("vma/anon-fault").Variant("stock");
        return 1e9 / stock.Accept(new Faults(machine)).PerSecond;
    }

    private sealed class Faults(MachineModel machine) : IScenarioVisitor<SimulationResult>
    {
        public SimulationResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Simulator.Run<TScenario>(machine, new SimulationOptions { Cpus = 1, Operations = SimulatedFaults });
    }
}
