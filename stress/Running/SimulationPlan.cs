using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Reporting;
using Stress.Simulation;

namespace Stress.Running;

/// <summary>What is simulated.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Layouts">Its variants that are compared; the first is what the others are compared with.</param>
/// <param name="Cpus">Numbers of CPUs.</param>
/// <param name="Prefetches">Whether the pair prefetcher works.</param>
/// <param name="Operations">Measured operations of each CPU.</param>
/// <param name="Iterations">Runs of each cell, with different placements.</param>
/// <param name="Seed">Seed of the first.</param>
/// <param name="Workers">Simulations side by side.</param>
/// <param name="Validates">Whether the prediction is to stand beside what was measured on the real machine.</param>
/// <param name="Watchdog">How long, in the machine's own time, no operation may end.</param>
/// <param name="CommandLine">The command that does it again.</param>
internal sealed record SimulationPlan(
    Scenario Scenario, MachineModel Machine, IReadOnlyList<Variant> Layouts, IReadOnlyList<int> Cpus, bool Prefetches,
    int Operations, int Iterations, ulong Seed, int Workers, bool Validates, TimeSpan Watchdog,
    string CommandLine)
{
    /// <summary>What the operations are called.</summary>
    public string Unit => Layouts[0].Plan.Operations;

    /// <summary>Whether there is a prefetcher that works.</summary>
    public bool HasPrefetcher => Prefetches && Machine.FetchesPairs;

    /// <summary>Why a machine has too few CPUs; null when it has enough.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="layouts">Its variants.</param>
    /// <param name="cpus">Numbers of CPUs that are asked for.</param>
    public static string? WhyTooFewCpus(
        MachineModel machine, string scenario, IReadOnlyList<Variant> layouts, IReadOnlyList<int> cpus)
    {
        int workers = layouts.Max(static layout => layout.Plan.Workers.Count);
        int left = machine.Cpus - workers;
        int tooMany = cpus.FirstOrDefault(count => count > left);
        return tooMany == 0 ? null
            : workers == 0 ? $"{machine.Name} has {machine.Cpus} CPUs, and {tooMany} are asked for"
            : $"of the {machine.Cpus} CPUs of {machine.Name}, {scenario} needs {workers} for "
                + $"{(workers == 1 ? "its worker" : "its workers")}, which leaves {left}, and {tooMany} are asked for";
    }
}

/// <summary>All runs of one layout on one number of CPUs.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Cpus">CPUs.</param>
/// <param name="Runs">The runs, by iteration.</param>
internal sealed record SimulationCell(Variant Layout, int Cpus, IReadOnlyList<SimulationResult> Runs)
{
    /// <summary>Operations a second: harmonic mean.</summary>
    public double PerSecond => HarmonicMean.Of(Runs, run => run.PerSecond);

    /// <summary>Operations a second of CPU time: harmonic mean.</summary>
    public double PerCpuSecond => HarmonicMean.Of(Runs, run => run.PerCpuSecond);
}
