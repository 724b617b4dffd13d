using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Searches the interleavings of a scenario for one that fails, and repeats recorded ones.</summary>
public static class Explorer
{
    private const int ChunkSize = 128;
    private const int CalibrationRuns = 16;
    private const int Repetitions = 10;
    private const int ProgressMilliseconds = 200;

    /// <summary>Runs schedules until one fails or all have run.</summary>
    /// <remarks>The result depends on the options alone, whatever the number of workers, unless time ends it: the
    /// schedule of the lowest number that fails is the one reported.</remarks>
    /// <exception cref="ArgumentException">The strategy is unknown, or a number is out of its range.</exception>
    public static ExploreResult Explore<TScenario>(Scenario scenario, Variant variant, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Schedules, 1);
        var watch = Stopwatch.StartNew();
        var settings = new MachineSettings(options.Locks, options.AllocationFailures) { Memory = options.Memory };
        if (options.Strategy == ExploreOptions.Exhaustive)
        {
            return Exhaust<TScenario>(scenario, variant, options, settings, watch);
        }

        int expectedDecisions = ExpectedDecisions<TScenario>(settings);
        int tasks = TScenario.Plan.Tasks.Count;
        ExplorationWorker[] workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ExplorationWorker(
            new ExploredMachine(new ExploredProgram<TScenario>(), settings),
            new StrategyPlan(options, tasks, expectedDecisions)))];
        try
        {
            Search(workers, options, watch);
            FailedRun? failed = workers.Select(worker => worker.Failed).OfType<FailedRun>()
                .MinBy(run => run.Schedule);
            return new ExploreResult
            {
                Finding = failed is null ? null
                    : FindingMaker.Make<TScenario>(scenario, variant, settings, options.Seed, failed, Repetitions),
                Schedules = failed is null ? workers.Sum(worker => worker.Schedules) : failed.Schedule + 1,
                Distinct = DistinctOf(workers),
                DistinctIsExact = workers.All(worker => worker.DistinctIsExact),
                Points = workers.Sum(worker => worker.Points),
                Elapsed = watch.Elapsed,
                IsInterrupted = options.Cancel.IsCancellationRequested,
                Outcomes = OutcomeRows.Of(
                    TScenario.Plan.Outcomes,
                    failed is null || workers.Length == 1 || !workers.Any(worker => worker.Outcomes.Counts.Any())
                        ? workers.Select(worker => worker.Outcomes)
                        : [CountAgain<TScenario>(settings, options, tasks, expectedDecisions, failed.Schedule)]),
            };
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    /// <summary>Repeats a trace.</summary>
    /// <param name="scenario">The scenario that the trace names.</param>
    /// <param name="variant">The variant that the trace names.</param>
    /// <param name="trace">What to repeat.</param>
    /// <param name="times">How often: at least 1.</param>
    /// <exception cref="TraceException">The trace is one of another scenario, variant or version.</exception>
    public static ReplayResult Replay<TScenario>(Scenario scenario, Variant variant, Trace trace, int times)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        FindingMaker.Refuse(scenario, variant, trace, TScenario.Plan);
        return FindingMaker.Replay<TScenario>(trace, times);
    }

    private static ExploreResult Exhaust<TScenario>(
        Scenario scenario, Variant variant, ExploreOptions options, MachineSettings settings, Stopwatch watch)
        where TScenario : struct, IScenario<TScenario>
    {
        ExhaustiveOutcome outcome = ExhaustiveSearch.Run<TScenario>(options, settings, watch);
        return new ExploreResult
        {
            Finding = outcome.Failed is null ? null
                : FindingMaker.Make<TScenario>(
                    scenario, variant, settings, options.Seed, outcome.Failed, Repetitions),
            Schedules = outcome.Executions,
            Distinct = outcome.Executions,
            DistinctIsExact = true,
            Points = outcome.Points,
            Elapsed = watch.Elapsed,
            IsInterrupted = options.Cancel.IsCancellationRequested,
            IsVerified = outcome.IsComplete,
            Redundant = outcome.Redundant,
            Share = outcome.Share,
            Outcomes = outcome.Outcomes,
        };
    }

    // How far other workers ran past the schedule that failed is chance: what counts is what one worker would have run.
    private static OutcomeCollector CountAgain<TScenario>(
        MachineSettings settings, ExploreOptions options, int tasks, int expectedDecisions, long last)
        where TScenario : struct, IScenario<TScenario>
    {
        using var worker = new ExplorationWorker(
            new ExploredMachine(new ExploredProgram<TScenario>(), settings),
            new StrategyPlan(options, tasks, expectedDecisions));
        worker.Run(0, last + 1);
        return worker.Outcomes;
    }

    // PCT wants to know how long a run is. Measured on seeds of its own, so that it is the same for every worker; on
    // strict priorities too, as random runs of a scenario that fails often end early.
    private static int ExpectedDecisions<TScenario>(MachineSettings settings)
        where TScenario : struct, IScenario<TScenario>
    {
        using var machine = new ExploredMachine(new ExploredProgram<TScenario>(), settings);
        var random = new RandomStrategy();
        var priorities = new PctStrategy();
        int longest = 1;
        for (ulong i = 0; i < CalibrationRuns; i++)
        {
            random.Begin(new Xoshiro256(i));
            machine.Run(random);
            longest = Math.Max(longest, machine.TaskDecisions);
            priorities.Begin(new Xoshiro256(i), TScenario.Plan.Tasks.Count, depth: 1, expectedDecisions: 1);
            machine.Run(priorities);
            longest = Math.Max(longest, machine.TaskDecisions);
        }

        return longest;
    }

    private static void Search(ExplorationWorker[] workers, ExploreOptions options, Stopwatch watch)
    {
        long next = 0;
        long done = 0;
        long failedAt = long.MaxValue;
        Exception? error = null;
        var reporting = new Lock();
        long reportAt = ProgressMilliseconds;

        void Work(ExplorationWorker worker)
        {
            try
            {
                while (!options.Cancel.IsCancellationRequested && !(watch.Elapsed > options.Duration))
                {
                    long first = Interlocked.Add(ref next, ChunkSize) - ChunkSize;
                    if (first >= options.Schedules || first >= Volatile.Read(ref failedAt))
                    {
                        return;
                    }

                    long before = worker.Schedules;
                    worker.Run(first, Math.Min(ChunkSize, options.Schedules - first));
                    long total = Interlocked.Add(ref done, worker.Schedules - before);
                    if (worker.Failed is { } failed)
                    {
                        // Lower chunks that others have begun still count: the lowest failure is the result.
                        InterlockedMin(ref failedAt, failed.Schedule);
                        return;
                    }

                    Report(total);
                }
            }
            catch (Exception caught) when (workers.Length > 1)
            {
                Volatile.Write(ref error, caught);
                InterlockedMin(ref failedAt, 0);
            }
        }

        void Report(long total)
        {
            if (options.Progress is { } progress && watch.ElapsedMilliseconds >= Volatile.Read(ref reportAt)
                && reporting.TryEnter())
            {
                Volatile.Write(ref reportAt, watch.ElapsedMilliseconds + ProgressMilliseconds);
                progress(new ExploreProgress(total, options.Schedules, watch.Elapsed));
                reporting.Exit();
            }
        }

        if (workers.Length == 1)
        {
            Work(workers[0]);
            return;
        }

        Thread[] threads = [.. workers.Select(worker => new Thread(() => Work(worker)) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (error is not null)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }

    private static void InterlockedMin(ref long target, long value)
    {
        long seen = Volatile.Read(ref target);
        while (value < seen)
        {
            long before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private static long DistinctOf(ExplorationWorker[] workers)
    {
        if (workers.Length == 1)
        {
            return workers[0].Distinct.Count;
        }

        var all = new HashSet<ulong>();
        foreach (ExplorationWorker worker in workers)
        {
            all.UnionWith(worker.Distinct);
        }

        return all.Count;
    }
}
