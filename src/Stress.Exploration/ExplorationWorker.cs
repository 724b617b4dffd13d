using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Explores on one thread, with a machine of its own.</summary>
internal sealed class ExplorationWorker(ExploredMachine machine, StrategyPlan plan, LockOrderLedger lockOrder)
    : IDisposable
{
    // Beyond this many, counting them exactly costs more memory than the number is worth.
    private const int MaxDistinct = 1 << 22;

    // Of every so many schedules the class is told: enough to estimate how many there are.
    private const int ClassOneIn = 8;

    // A race shows in most schedules, lucky or not: every other pair is looked at, and the others run faster. A portfolio
    // alternates between two strategies, so a pair has one of each.
    private const int RacesOneIn = 2;

    private readonly HashSet<ulong> _distinct = [];
    private readonly ClassHash _classes = new(machine.Arena);

    /// <summary>Hashes of the different runs; complete while <see cref="DistinctIsExact"/>.</summary>
    public IReadOnlyCollection<ulong> Distinct => _distinct;

    /// <summary>How often each class was met, among the schedules whose class was told.</summary>
    public Dictionary<ulong, int> Classes { get; } = [];

    /// <summary>Runs of PCT by their depth.</summary>
    public long[] RunsOfDepth { get; } = new long[17];

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
            bool tellsClass = schedule % ClassOneIn == 0 && machine.WeakMemory is null && Classes.Count < MaxDistinct;
            machine.LooksForRaces = (schedule >> 1) % RacesOneIn == 0;
            machine.Classes = tellsClass ? _classes : null;
            _classes.Begin();
            machine.Run(strategy);
            if (tellsClass)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(Classes, _classes.Value, out _)++;
            }

            RunsOfDepth[strategy is PctStrategy pct ? pct.Depth : 0]++;
            Schedules++;
            Points += machine.Points;
            Count(machine.DecisionHash);
            lockOrder.Publish(schedule, machine, strategy.Name);
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
internal sealed record FailedRun(long Schedule, string Strategy, RunFinding Finding, int[] Decisions)
{
    /// <summary>For a circle of locks: what other runs showed of it; null for all other findings.</summary>
    public IReadOnlyList<LockOrderFact>? KnownLockOrder { get; init; }
}
