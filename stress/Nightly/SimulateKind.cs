using System;
using System.Collections.Generic;
using System.Linq;
using Stress.CommandLine;
using Stress.Commands;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;
using Stress.Simulation;

namespace Stress.Nightly;

/// <summary>Compares layouts on a simulated machine. Its seed is the same every night, so its counts are too, unless the
/// model or the machine has changed.</summary>
internal sealed class SimulateKind : IItemKind
{
    private const string DefaultMachine = "broadwell-ep-2s";
    private const int DefaultOperations = 500;

    // Of a core of this host; a first guess, before a night has told.
    private const double OperationsPerSecond = 60_000;
    private const int WarmUp = 600;

    public string Name => "simulate";

    public string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { IsOfSchedules: true } => ItemKinds.ScheduleFields,
        { Filter: not null } => "'filter' is for bench entries",
        { Layouts.Count: 0 } => "a simulate entry needs 'layouts', such as \"stock,embedded-line4\"",
        { Cpus.Count: 0 } => "a simulate entry needs 'cpus', such as \"1,12,56\"",
        _ => null,
    };

    public string? WhatIsWrong(IReadOnlyList<PlanItem> items)
    {
        try
        {
            PlanEntry entry = items[0].Entry;
            MachineModel machine = MachineCommand.Load(entry.MachineFile ?? DefaultMachine);
            return items
                .Select(item => SimulationPlan.WhyTooFewCpus(machine, item.Scenario.Name, Layouts(item), entry.Cpus))
                .OfType<string>().Select(static tooFew => $"cpus: {tooFew}").FirstOrDefault();
        }
        catch (UsageException e)
        {
            return e.Message;
        }
    }

    // One item for all layouts: it stands at the one that the others are compared with.
    public bool Takes(PlanEntry entry, Variant variant) => variant.Name == entry.Layouts[0];

    public bool IsExpectedClean(PlanEntry entry, Variant variant) => true;

    public double EstimateSeconds(PlanItem item)
    {
        PlanEntry entry = item.Entry;
        double operations = (double)entry.Cpus.Sum() * ((entry.Operations ?? DefaultOperations) + WarmUp);
        return operations * entry.Layouts.Count * (entry.Iterations ?? 1) / OperationsPerSecond;
    }

    public bool IsElastic(PlanItem item) => false;

    public RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
    {
        PlanEntry entry = item.Entry;
        MachineModel machine = MachineCommand.Load(entry.MachineFile ?? DefaultMachine);
        var plan = new SimulationPlan(
            item.Scenario, machine, Layouts(item), entry.Cpus, entry.Prefetch, entry.Operations ?? DefaultOperations,
            entry.Iterations ?? 1, 1 + (ulong)entry.SeedOffset, bench.Workers, Validates: false,
            SimulationOptions.DefaultWatchdog, CommandOf(entry, item));
        return SimulateJob.Measure(plan, progress, bench.Session.Interrupt.Token);
    }

    private static IReadOnlyList<Variant> Layouts(PlanItem item)
        => [.. item.Entry.Layouts.Distinct().Select(item.Scenario.Variant)];

    private static string CommandOf(PlanEntry entry, PlanItem item)
        => Reproduction.Run(
            $"simulate {item.Scenario.Name} --machine {entry.MachineFile ?? DefaultMachine} "
            + $"--layouts {string.Join(',', entry.Layouts)} --cpus {string.Join(',', entry.Cpus)} "
            + $"--prefetch {(entry.Prefetch ? "on" : "off")} --operations {entry.Operations ?? DefaultOperations} "
            + $"--iterations {entry.Iterations ?? 1} --seed {1 + entry.SeedOffset}");
}
