using System;
using System.Collections.Generic;

namespace Stress.Exploration;

/// <summary>Explores on one thread, with a machine of its own.</summary>
internal sealed class ExplorationWorker(ExploredMachine machine, StrategyPlan plan) : IDisposable
{
    // Beyond this many, counting them exactly costs more memory than the number is worth.
    private const int MaxDistinct = 1 << 22;

    private readonly HashSet<ulong> _distinct = [];

    /// <summary>Hashes of the different runs; complete while <see cref="DistinctIsExact"/>.</summary>
    public IReadOnlyCollection<ulong> Distinct => _distinct;

    public bool DistinctIsExact { get; private set; } = true;

    public long Schedules { get; private set; }

    public long Points { get; private set; }

    /// <summary>The failed run of the lowest number among those of this worker, or null.</summary>
    public FailedRun? Failed { get; private set; }

    /// <summary>What the runs came to.</summary>
    public OutcomeCollector Outcomes => machine.Outcomes;

    /// <summary>Runs schedules from <paramref name="first"/> up; stops behind a failed one.</summary>
    public void Run(long first, long count)
    {
        for (long schedule = first; schedule < first + count; schedule++)
        {
            IStrategy strategy = plan.For(schedule);
            machine.Run(strategy);
            Schedules++;
            Points += machine.Points;
            Count(machine.DecisionHash);
            if (machine.Finding is { } finding)
            {
                if (Failed is null || schedule < Failed.Schedule)
                {
                    Failed = new FailedRun(schedule, strategy.Name, finding, machine.Decisions.ToArray());
                }

                return;
            }
        }
    }

    public void Dispose() => machine.Dispose();

    private void Count(ulong hash)
    {
        if (_distinct.Count < MaxDistinct)
        {
            _distinct.Add(hash);
        }
        else
        {
            DistinctIsExact = false;
        }
    }
}

/// <summary>A run that failed.</summary>
/// <param name="Schedule">Its number.</param>
/// <param name="Strategy">Who decided.</param>
/// <param name="Finding">What went wrong.</param>
/// <param name="Decisions">What repeats it.</param>
internal sealed record FailedRun(long Schedule, string Strategy, RunFinding Finding, int[] Decisions);
