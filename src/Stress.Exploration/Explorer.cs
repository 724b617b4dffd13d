using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
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
        var settings = new MachineSettings(options.Locks, options.AllocationFailures)
        {
            Memory = options.Memory,
            DataRaces = options.DataRaces,
        };
        if (options.Strategy == ExploreOptions.Exhaustive)
        {
            return Exhaust<TScenario>(scenario, variant, options, settings, watch);
        }

        int expectedDecisions = ExpectedDecisions<TScenario>(settings);
        int tasks = TScenario.Plan.Tasks.Count;
        var lockOrder = new LockOrderLedger();
        MachineSettings collecting = settings with { CollectsLockOrder = options.LockOrder };
        ExplorationWorker[] workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ExplorationWorker(
            new ExploredMachine(new ExploredProgram<TScenario>(), collecting),
            new StrategyPlan(options, tasks, expectedDecisions),
            lockOrder,
            options.Reruns ? null : new RunTree()))];
        try
        {
            Search(workers, options, watch, lockOrder);
            FailedRun? failed = workers.Select(worker => worker.Failed).OfType<FailedRun>()
                .Where(run => run.Schedule < lockOrder.EndsAt).MinBy(run => run.Schedule)
                ?? FirstInversion<TScenario>(lockOrder, settings);
            return new ExploreResult
            {
                Finding = failed is null ? null
                    : FindingMaker.Make<TScenario>(
                        scenario, variant, settings with { KnownLockOrder = failed.KnownLockOrder }, options.Seed,
                        failed, Repetitions, options.Shrink),
                Schedules = failed is null ? workers.Sum(worker => worker.Schedules) : failed.Schedule + 1,
                Executions = workers.Sum(worker => worker.Executions),
                Distinct = DistinctOf(workers),
                DistinctIsExact = workers.All(worker => worker.DistinctIsExact),
                Points = workers.Sum(worker => worker.Points),
                LockOrder = lockOrder.FactsUpTo(failed?.Schedule ?? long.MaxValue),
                Elapsed = watch.Elapsed,
                IsInterrupted = options.Cancel.IsCancellationRequested,
                Classes = options.Memory == MemoryModel.Weak ? null : ClassesOf(workers),
                Miss = MissOf(workers, tasks, expectedDecisions),
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
        FindingMaker.Refuse(scenario, variant, trace, TScenario.Plan, BuiltinEngine.EngineName);
        return FindingMaker.Replay<TScenario>(trace, times);
    }

    /// <summary>Makes the run of a trace smaller while its finding stays the same.</summary>
    /// <param name="scenario">The scenario that the trace names.</param>
    /// <param name="variant">The variant that the trace names.</param>
    /// <param name="trace">What to make smaller.</param>
    /// <exception cref="TraceException">The trace is one of another scenario, variant or version.</exception>
    public static ShrinkResult Shrink<TScenario>(Scenario scenario, Variant variant, Trace trace)
        where TScenario : struct, IScenario<TScenario>
    {
        ReplayResult replayed = Replay<TScenario>(scenario, variant, trace, times: 1);
        if (replayed.Finding is not { } found)
        {
            return new ShrinkResult(null, replayed.Divergence);
        }

        var failed = new FailedRun(
            trace.Schedule, trace.Strategy, new RunFinding(found.Kind, found.Text, found.Task, found.Operation),
            [.. trace.Decisions])
        {
            KnownLockOrder = trace.LockOrder,
        };
        return new ShrinkResult(
            FindingMaker.Make<TScenario>(
                scenario, variant, FindingMaker.SettingsOf(trace), trace.Seed, failed, Repetitions, shrinks: true),
            null);
    }

    private static ExploreResult Exhaust<TScenario>(
        Scenario scenario, Variant variant, ExploreOptions options, MachineSettings settings, Stopwatch watch)
        where TScenario : struct, IScenario<TScenario>
    {
        if (TScenario.Plan.HasPriorities)
        {
            throw new ArgumentException("an exhaustive search knows no priorities", nameof(options));
        }

        var lockOrder = new LockOrderLedger();
        ExhaustiveOutcome outcome = options.Preemptions is null
            ? ExhaustiveSearch.Run<TScenario>(options, settings, watch, lockOrder)
            : BoundedSearch.Run<TScenario>(options, settings, watch, lockOrder);
        FailedRun? failed = outcome.Failed ?? FirstInversion<TScenario>(lockOrder, settings);
        return new ExploreResult
        {
            Finding = failed is null ? null
                : FindingMaker.Make<TScenario>(
                    scenario, variant, settings with { KnownLockOrder = failed.KnownLockOrder }, options.Seed, failed,
                    Repetitions, options.Shrink),
            LockOrder = lockOrder.FactsUpTo(long.MaxValue),
            Schedules = outcome.Executions,
            Executions = outcome.Executions,
            Distinct = outcome.Executions,
            DistinctIsExact = true,
            Points = outcome.Points,
            Elapsed = watch.Elapsed,
            IsInterrupted = options.Cancel.IsCancellationRequested,
            IsVerified = outcome.IsComplete && failed is null,
            Redundant = outcome.Redundant,
            Preemptions = options.Preemptions,
            IsEndless = outcome.IsEndless,
            Share = outcome.Share,
            Outcomes = outcome.Outcomes,
        };
    }

    private static FailedRun? FirstInversion<TScenario>(LockOrderLedger lockOrder, MachineSettings settings)
        where TScenario : struct, IScenario<TScenario>
        => lockOrder.FirstFailed(known => new ExploredMachine(
            new ExploredProgram<TScenario>(), settings with { KnownLockOrder = known }));

    // How far other workers ran past the schedule that failed is chance: what counts is what one worker would have run.
    private static OutcomeCollector CountAgain<TScenario>(
        MachineSettings settings, ExploreOptions options, int tasks, int expectedDecisions, long last)
        where TScenario : struct, IScenario<TScenario>
    {
        using var worker = new ExplorationWorker(
            new ExploredMachine(new ExploredProgram<TScenario>(), settings),
            new StrategyPlan(options, tasks, expectedDecisions),
            new LockOrderLedger(),
            new RunTree());
        worker.Run(0, last + 1);
        return worker.Outcomes;
    }

    // PCT wants to know how long a run is. Measured on seeds of its own, so that it is the same for every worker; on
    // strict priorities too, as random runs of a scenario that fails often end early.
    internal static int ExpectedDecisions<TScenario>(MachineSettings settings)
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

    private static void Search(
        ExplorationWorker[] workers, ExploreOptions options, Stopwatch watch, LockOrderLedger lockOrder)
    {
        long next = 0;
        long done = 0;
        long failedAt = long.MaxValue;
        var reporting = new Lock();
        long reportAt = ProgressMilliseconds;

        void Work(ExplorationWorker worker)
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
                InterlockedMin(ref failedAt, lockOrder.EndsAt);
                if (worker.Failed is { } failed)
                {
                    // Lower chunks that others have begun still count: the lowest failure is the result.
                    InterlockedMin(ref failedAt, failed.Schedule);
                    return;
                }

                Report(total);
            }
        }

        void Report(long total)
        {
            if (options.Progress is { } progress && watch.ElapsedMilliseconds >= Volatile.Read(ref reportAt)
                && reporting.TryEnter())
            {
                Volatile.Write(ref reportAt, watch.ElapsedMilliseconds + ProgressMilliseconds);
                progress(new ExploreProgress(total, options.Schedules, watch.Elapsed)
                {
                    OfWorkers = [.. workers.Select(worker => worker.Schedules)],
                });
                reporting.Exit();
            }
        }

        SearchThreads.Run(workers.Length, number => Work(workers[number]), () => InterlockedMin(ref failedAt, 0));
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

    private static ClassEstimate ClassesOf(ExplorationWorker[] workers)
    {
        var all = new Dictionary<ulong, int>();
        foreach ((ulong told, int times) in workers.SelectMany(worker => worker.Classes))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(all, told, out _) += times;
        }

        return ClassEstimate.From(all.Values);
    }

    // Of the least depth that was tried: what is promised of the deeper ones is next to nothing.
    private static MissBound? MissOf(ExplorationWorker[] workers, int tasks, int decisions)
    {
        for (int depth = 1; depth < workers[0].RunsOfDepth.Length; depth++)
        {
            long runs = workers.Sum(worker => worker.RunsOfDepth[depth]);
            if (runs > 0)
            {
                return MissBound.Of(depth, runs, tasks, decisions);
            }
        }

        return null;
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
