using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Runs every class of equivalent interleavings of a scenario once, on several threads.</summary>
internal static class ExhaustiveSearch
{
    private const int ProgressMilliseconds = 200;

    public static ExhaustiveOutcome Run<TScenario>(ExploreOptions options, MachineSettings settings, Stopwatch watch)
        where TScenario : struct, IScenario<TScenario>
    {
        var tree = new SearchTree();
        ExhaustiveWorker[] workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ExhaustiveWorker(
            new ExploredMachine(new ExploredProgram<TScenario>(), settings), tree))];
        try
        {
            Search(workers, tree, options, watch);
            return new ExhaustiveOutcome(
                workers.Select(worker => worker.Failed).OfType<FailedRun>().FirstOrDefault(),
                tree.IsComplete && !workers.Any(worker => worker.Failed is not null),
                workers.Sum(worker => worker.Executions),
                workers.Sum(worker => worker.Strategy.Redundant),
                workers.Sum(worker => worker.Points),
                tree.Progress(),
                OutcomeRows.Of(TScenario.Plan.Outcomes, workers.Select(worker => worker.Outcomes)));
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    private static void Search(
        ExhaustiveWorker[] workers, SearchTree tree, ExploreOptions options, Stopwatch watch)
    {
        Exception? error = null;
        long reportAt = ProgressMilliseconds;

        bool GoesOn()
        {
            long executions = workers.Sum(worker => worker.Executions);
            if (options.Cancel.IsCancellationRequested || watch.Elapsed > options.Duration
                || executions >= options.Schedules)
            {
                return false;
            }

            if (options.Progress is { } progress && watch.ElapsedMilliseconds >= reportAt)
            {
                reportAt = watch.ElapsedMilliseconds + ProgressMilliseconds;
                progress(new ExploreProgress(executions, options.Schedules, watch.Elapsed)
                {
                    Share = tree.Progress(),
                });
            }

            return true;
        }

        // The first worker alone looks at the clock and reports; the others find out from the tree.
        void Work(ExhaustiveWorker worker)
        {
            try
            {
                worker.Search(worker == workers[0] ? GoesOn : static () => true);
            }
            catch (Exception caught) when (workers.Length > 1)
            {
                Volatile.Write(ref error, caught);
                tree.Stop();
            }
        }

        Thread[] threads = [.. workers.Skip(1).Select(worker => new Thread(() => Work(worker)) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Work(workers[0]);
        Array.ForEach(threads, thread => thread.Join());
        if (error is not null)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }
}

/// <summary>What an exhaustive search came to.</summary>
/// <param name="Failed">A run that failed, or null.</param>
/// <param name="IsComplete">Whether everything was run, and nothing failed.</param>
/// <param name="Executions">Runs, each of another class.</param>
/// <param name="Redundant">Runs that were given up on the way because nothing new could come of them.</param>
/// <param name="Points">Scheduling points of all runs.</param>
/// <param name="Share">The part of the search that is over, estimated, from 0 to 1.</param>
/// <param name="Outcomes">What the runs came to.</param>
internal sealed record ExhaustiveOutcome(
    FailedRun? Failed, bool IsComplete, long Executions, long Redundant, long Points, double Share,
    IReadOnlyList<OutcomeRow> Outcomes);
