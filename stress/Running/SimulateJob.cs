using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;
using Stress.Simulation;

namespace Stress.Running;

/// <summary>Runs the cells of a plan.</summary>
internal static class SimulateJob
{
    public static int Run(Session session, SimulationPlan plan)
    {
        session.Output.Line(
            $"simulate {plan.Scenario.Name} on {plan.Machine.Name}: {plan.Machine.Title}; "
            + $"prefetch {(plan.Prefetches ? "on" : "off")}, {Figures.Count(plan.Operations, "operation")} a CPU, "
            + $"{Figures.Count(plan.Iterations, "iteration")}, seed {plan.Seed}");
        IReadOnlyList<SimulationCell> cells = session.Output.Track(
            $"simulate {plan.Scenario.Name}", progress => Cells(plan, progress, session.Interrupt.Token));
        SimulationReport.Write(session.Output, plan, cells);
        return session.Finish(ExitCode.AsExpected);
    }

    internal static IReadOnlyList<SimulationCell> Cells(
        SimulationPlan plan, Action<Func<string>> progress, CancellationToken cancel)
    {
        (Variant Layout, int Cpus, int Iteration)[] work =
        [
            .. from cpus in plan.Cpus
               from layout in plan.Layouts
               from iteration in Enumerable.Range(0, plan.Iterations)
               select (layout, cpus, iteration),
        ];
        var results = new SimulationResult[work.Length];
        int done = 0;
        Parallel.For(
            0,
            work.Length,
            new ParallelOptions { MaxDegreeOfParallelism = plan.Workers, CancellationToken = cancel },
            i =>
            {
                results[i] = Simulate(plan, work[i].Layout, work[i].Cpus, work[i].Iteration, plan.Prefetches);
                int now = Interlocked.Increment(ref done);
                progress(() => $"simulate {plan.Scenario.Name}: {now} of {work.Length} runs");
            });
        return
        [
            .. results.Select((result, i) => (result, work[i].Layout, work[i].Cpus))
                .GroupBy(run => (run.Layout, run.Cpus))
                .Select(runs => new SimulationCell(runs.Key.Layout, runs.Key.Cpus, [.. runs.Select(run => run.result)])),
        ];
    }

    internal static SimulationResult Simulate(
        SimulationPlan plan, Variant layout, int cpus, int iteration, bool prefetches)
        => layout.Accept(new Visitor(plan.Machine, new SimulationOptions
        {
            Cpus = cpus,
            Operations = plan.Operations,
            Prefetches = prefetches,
            Seed = plan.Seed + (ulong)iteration,
        }));

    private sealed class Visitor(MachineModel machine, SimulationOptions options) : IScenarioVisitor<SimulationResult>
    {
        public SimulationResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Simulator.Run<TScenario>(machine, options);
    }
}
