using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Runs every class of equivalent interleavings of a scenario once, on several threads.</summary>
internal static class ExhaustiveSearch
{
    public static ExhaustiveOutcome Run<TScenario>(
        ExploreOptions options, MachineSettings settings, Stopwatch watch, LockOrderLedger lockOrder)
        where TScenario : struct, IScenario<TScenario>
    {
        var tree = new SearchTree();
        ExhaustiveWorker[] workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new ExhaustiveWorker(
            new ExploredMachine(
                new ExploredProgram<TScenario>(), settings with { CollectsLockOrder = options.LockOrder }),
            tree,
            lockOrder))];
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
                OutcomeRows.Of(TScenario.Plan.Outcomes, workers.Select(worker => worker.Outcomes)))
            {
                IsEndless = workers.Any(worker => worker.IsEndless),
            };
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    private static void Search(
        ExhaustiveWorker[] workers, SearchTree tree, ExploreOptions options, Stopwatch watch)
    {
        var clock = new SearchClock(options, watch, () => [.. workers.Select(worker => worker.Executions)]);

        // The first worker alone looks at the clock and reports; the others find out from the tree.
        SearchThreads.Run(
            workers.Length,
            number => workers[number].Search(
                number == 0 ? () => clock.GoesOn(workers.Sum(worker => worker.Executions), tree.Progress)
                    : static () => true),
            tree.Stop);
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
    IReadOnlyList<OutcomeRow> Outcomes)
{
    /// <summary>Whether a run did not end, so that not all can be run.</summary>
    public bool IsEndless { get; init; }
}
