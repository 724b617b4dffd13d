using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;
using Stress.Reporting.Pages;
using Stress.Results;
using Stress.Simulation;

namespace Stress.Running;

/// <summary>Runs the cells of a plan, and turns them into an item.</summary>
internal static class SimulateJob
{
    /// <summary>Runs a plan, reports it, and stores it.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Session session, SimulationPlan plan)
    {
        session.Output.Line(
            $"simulate {plan.Scenario.Name} on {plan.Machine.Name}: {plan.Machine.Title}");
        string prefetch = !plan.Machine.FetchesPairs ? "none" : plan.Prefetches ? "on" : "off";
        session.Output.Line(
            $"prefetch {prefetch}, {Figures.Count(plan.Operations, "operation")} a CPU, "
            + $"{Figures.Count(plan.Iterations, "iteration")}, seed {plan.Seed}");
        RunItem item = session.Output.Track(
            $"simulate {plan.Scenario.Name}", progress => Measure(session, plan, progress));
        if (!item.HasEnded && item.Simulated is null)
        {
            return session.Finish(ExitCode.Interrupted);
        }

        session.Recorder.Add(item);
        session.Output.Line();
        session.Output.Line($"results    {session.Folder.Location}");
        session.Output.Line($"Reproduce: {item.Reproduce}");
        return session.Finish(
            !item.HasEnded ? ExitCode.Interrupted
            : item.IsAsExpected ? ExitCode.AsExpected
            : ExitCode.Violation);
    }

    /// <summary>Simulates all cells: a run for each layout, number of CPUs and iteration. When it is cancelled, those
    /// remain whose number of CPUs was simulated for all layouts.</summary>
    /// <exception cref="RunFailedException">The model failed; of several such cells it is always the same one that is
    /// told.</exception>
    internal static IReadOnlyList<SimulationCell> Cells(
        SimulationPlan plan, Action<Func<ProgressNote>> progress, CancellationToken cancel)
    {
        (Variant Layout, int Cpus, int Iteration)[] work =
        [
            .. from cpus in plan.Cpus.OrderDescending()
               from layout in plan.Layouts
               from iteration in Enumerable.Range(0, plan.Iterations)
               select (layout, cpus, iteration),
        ];
        var results = new SimulationResult?[work.Length];
        var failures = new RunFailedException?[work.Length];
        int done = 0;
        try
        {
            Parallel.For(
                0,
                work.Length,
                new ParallelOptions { MaxDegreeOfParallelism = plan.Workers, CancellationToken = cancel },
                (i, loop) =>
                {
                    try
                    {
                        results[i] = Simulate(plan, work[i].Layout, work[i].Cpus, work[i].Iteration, null, cancel);
                    }
                    catch (RunFailedException e)
                    {
                        // All cells before this one still run, so which failure is the first depends on nothing else.
                        failures[i] = e;
                        loop.Break();
                    }

                    int now = Interlocked.Increment(ref done);
                    progress(() => $"simulate {plan.Scenario.Name}: {now} of {work.Length} runs");
                });
        }
        catch (OperationCanceledException)
        {
            // What has ended is kept.
        }

        int failed = Array.FindIndex(failures, static failure => failure is not null);
        if (failed >= 0)
        {
            throw Told(failures[failed]!, work[failed].Layout, work[failed].Cpus);
        }

        return
        [
            .. results.Select((result, i) => (result, work[i].Layout, work[i].Cpus))
                .GroupBy(run => run.Cpus)
                .Where(runs => runs.All(run => run.result is not null))
                .SelectMany(runs => runs.GroupBy(run => run.Layout)
                    .Select(cell => new SimulationCell(cell.Key, runs.Key, [.. cell.Select(run => run.result!)]))),
        ];
    }

    private static RunFailedException Told(RunFailedException failure, Variant layout, int cpus, string how = "")
        => new(
            failure.Kind,
            $"{layout.Name} on {Figures.Count(cpus, "CPU")}{how}: {failure.Kind.Name()}: {failure.Message}");

    private static SimulationResult Simulate(
        SimulationPlan plan, Variant layout, int cpus, int iteration, MovedField? moved, CancellationToken cancel)
    {
        var options = new SimulationOptions
        {
            Cpus = cpus,
            Operations = plan.Operations,
            Watchdog = plan.Watchdog,
            Prefetches = plan.Prefetches,
            Seed = plan.Seed + (ulong)iteration,
            Moved = moved,
        };
        return layout.Accept(new Visitor(plan.Machine, options, cancel));
    }

    private static RunItem Measure(Session session, SimulationPlan plan, Action<Func<ProgressNote>> progress)
    {
        RunItem item = Measure(plan, progress, session.Interrupt.Token, out SimulationRun? run);
        if (run is null)
        {
            if (item.HasEnded)
            {
                session.Output.Line($"finding    {item.Outcome}");
            }

            return item;
        }

        SimulationReport.Write(session.Output, run.Plan, run.Cells, run.Card, run.Validation);
        if (!item.HasEnded)
        {
            session.Output.Line();
            session.Output.Line(
                $"interrupted: {Figures.Count(run.Cells.Count)} of "
                + $"{Figures.Count(plan.Layouts.Count * plan.Cpus.Distinct().Count())} cells"
                + (run.Card is null ? ", and no field card" : ""));
        }

        string page = session.Folder.NewFile("simulation", $"{plan.Scenario.Name}-{plan.Machine.Name}", ".html");
        AtomicFile.WriteAllText(
            System.IO.Path.Combine(session.Folder.Location, page), SimulationPage.Of(plan.Scenario.Name, item.Simulated!));
        return item;
    }

    /// <summary>Simulates a plan, or what there is time for.</summary>
    public static RunItem Measure(SimulationPlan plan, Action<Func<ProgressNote>> progress, CancellationToken cancel)
        => Measure(plan, progress, cancel, out _);

    private static RunItem Item(SimulationPlan plan, string verdict, string outcome) => new()
    {
        Machine = "simulate",
        Scenario = plan.Scenario.Name,
        ScenarioVersion = plan.Scenario.Version,
        Variant = string.Join(',', plan.Layouts.Select(layout => layout.Name)),
        Expected = "a comparison",
        Verdict = verdict,
        Outcome = outcome,
        IsAsExpected = true,
        Seed = plan.Seed,
        ElapsedSeconds = 0,
        Reproduce = plan.CommandLine,
    };

    // Without a run where the model ran into something, or there was no time for anything that could be compared.
    private static RunItem Measure(
        SimulationPlan plan, Action<Func<ProgressNote>> progress, CancellationToken cancel, out SimulationRun? run)
    {
        DateTimeOffset began = DateTimeOffset.UtcNow;
        IReadOnlyList<SimulationCell> cells;
        try
        {
            cells = Cells(plan, progress, cancel);
            if (cells.Count == 0)
            {
                run = null;
                return Item(plan, Verdicts.Interrupted, "interrupted");
            }

            plan = plan with { Cpus = [.. plan.Cpus.Where(cpus => cells.Any(cell => cell.Cpus == cpus))] };
            run = new SimulationRun(
                plan, cells, WorstField(plan, cells, cancel), plan.Validates ? SeedValidation.Of(plan, cells) : null);
        }
        catch (RunFailedException e)
        {
            run = null;
            return Item(plan, Verdicts.Violation, e.Message) with { IsAsExpected = false };
        }

        SimulationFigures figures = SimulationItem.Figures(plan, cells, run.Card, run.Validation);
        bool isCut = cancel.IsCancellationRequested;
        string outcome = isCut ? $"interrupted, {Outcome(plan, cells)}" : Outcome(plan, cells);
        return Item(plan, isCut ? Verdicts.Interrupted : Verdicts.NoFinding, outcome) with
        {
            ElapsedSeconds = Math.Round((DateTimeOffset.UtcNow - began).TotalSeconds, 3),
            Simulated = figures,
            Counts = isCut ? null : SimulationItem.Counts(figures),
        };
    }

    private static string Outcome(SimulationPlan plan, IReadOnlyList<SimulationCell> cells)
    {
        int cpus = plan.Cpus.Max();
        double first = MmtestsTable.Cell(cells, plan.Layouts[0], cpus).PerSecond;
        return $"{Figures.Count(cpus, "CPU")}: " + string.Join(", ", plan.Layouts
            .Select(layout => MmtestsTable.Cell(cells, layout, cpus))
            .Select(cell => string.Create(
                CultureInfo.InvariantCulture,
                $"{cell.Layout.Name} {cell.PerSecond:F0}/s ({100 * ((cell.PerSecond / first) - 1):F2}%)")));
    }

    // Of the last layout, on the most CPUs: the word that was waited for longest, and the run again without neighbours.
    // None when there is no time for that run.
    private static FieldCard? WorstField(
        SimulationPlan plan, IReadOnlyList<SimulationCell> cells, CancellationToken cancel)
    {
        SimulationCell cell = MmtestsTable.Cell(cells, plan.Layouts[^1], plan.Cpus.Max());
        SimulationResult run = cell.Runs[0];
        if (run.Lines.Count == 0 || run.Lines[0].Words.Count == 0 || cancel.IsCancellationRequested)
        {
            return null;
        }

        LineReport line = run.Lines[0];
        WordReport worst = line.Words[0];
        var moved = new MovedField(line.Name, worst.Offset & ~7, 8);
        double after;
        try
        {
            after = Simulate(plan, cell.Layout, cell.Cpus, 0, moved, cancel).PerSecond;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (RunFailedException e)
        {
            throw Told(e, cell.Layout, cell.Cpus, $" with {line.Name}.{worst.Field} moved");
        }

        string[] neighbours = [.. line.Words.Select(word => word.Field).Where(field => field != worst.Field).Distinct()];
        return new FieldCard(
            cell.Layout.Name, run, line, worst.Field, worst.Offset, neighbours,
            run.Locks.FirstOrDefault(count => count.Has(line.Name, worst.Field)),
            run.Locks.FirstOrDefault(count => count.Contended > 0), run.PerSecond, after,
            plan.Unit);
    }

    // The plan as far as it was carried out.
    private sealed record SimulationRun(
        SimulationPlan Plan, IReadOnlyList<SimulationCell> Cells, FieldCard? Card,
        IReadOnlyList<ValidationFigures>? Validation);

    private sealed class Visitor(MachineModel machine, SimulationOptions options, CancellationToken cancel)
        : IScenarioVisitor<SimulationResult>
    {
        public SimulationResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Simulator.Run<TScenario>(machine, options, cancel);
    }
}
