using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Explores on one thread, with a machine of its own.</summary>
/// <remarks>Every run is looked at by all detectors. A schedule that comes to decisions that were run already is not run
/// again, while that saves time: its run would be the same (<see cref="RunTree"/>).</remarks>
/// <param name="machine">Runs the schedules.</param>
/// <param name="plan">Says which strategy draws which schedule.</param>
/// <param name="lockOrder">Gathers the order of locks.</param>
/// <param name="runs">Keeps the runs; null to run every schedule.</param>
internal sealed class ExplorationWorker(
    ExploredMachine machine, StrategyPlan plan, LockOrderLedger lockOrder, RunTree? runs)
    : IDisposable
{
    // Beyond this many, counting them exactly costs more memory than the number is worth.
    private const int MaxDistinct = 1 << 22;

    // Of every so many schedules the class counts: enough to estimate how many there are.
    private const int ClassOneIn = 8;

    // After so many schedules, runs are kept only if at least this many schedules were known.
    private const int TrialSchedules = 16_384;
    private const int KnownInTrial = TrialSchedules / 16;

    private readonly HashSet<ulong> _distinct = [];
    private readonly ClassHash _classes = new(machine.Arena);
    private RunTree? _runs = runs;

    /// <summary>Hashes of the different runs; complete while <see cref="DistinctIsExact"/>.</summary>
    public IReadOnlyCollection<ulong> Distinct => _distinct;

    /// <summary>How often each class was met, among the schedules whose class was told.</summary>
    public Dictionary<ulong, int> Classes { get; } = [];

    /// <summary>Runs of PCT by their depth.</summary>
    public long[] RunsOfDepth { get; } = new long[17];

    public bool DistinctIsExact { get; private set; } = true;

    /// <summary>Schedules drawn, whether or not they had to be run.</summary>
    public long Schedules { get; private set; }

    /// <summary>Schedules that were run.</summary>
    public long Executions { get; private set; }

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
            KnownRun? known = _runs?.Find(strategy);
            if (known is { } repeated)
            {
                machine.Outcomes.Repeat(repeated.Outcome);
            }

            KnownRun run = known ?? Make(schedule, strategy);
            Schedules++;
            Points += run.Points;
            RunsOfDepth[strategy is PctStrategy pct ? pct.Depth : 0]++;
            if (schedule % ClassOneIn == 0 && run.Class != 0 && Classes.Count < MaxDistinct)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(Classes, run.Class, out _)++;
            }

            if (known is null && machine.Finding is { } finding)
            {
                if (Failed is null || schedule < Failed.Schedule)
                {
                    Failed = new FailedRun(schedule, strategy.Name, finding, machine.Decisions.ToArray());
                }

                return;
            }

            if (Schedules == TrialSchedules && Schedules - Executions < KnownInTrial)
            {
                _runs = null;
            }
        }
    }

    public void Dispose() => machine.Dispose();

    private KnownRun Make(long schedule, IStrategy strategy)
    {
        // A run that is kept is met again when its class counts.
        bool tellsClass = machine.WeakMemory is null && (_runs is { HasRoom: true } || schedule % ClassOneIn == 0);
        machine.Classes = tellsClass ? _classes : null;
        _classes.Begin();
        machine.Run(_runs is null ? strategy : _runs);
        _runs?.Compare();
        if (_runs?.Divergence is { } divergence)
        {
            machine.Fail(FindingKind.ModelError, divergence);
        }

        Executions++;
        Count(machine.DecisionHash);
        lockOrder.Publish(schedule, machine, strategy.Name);
        var run = new KnownRun(machine.Points, tellsClass ? _classes.Value : 0, machine.Outcomes.Last);
        if (machine.Finding is null)
        {
            _runs?.Add(run);
        }

        return run;
    }

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
