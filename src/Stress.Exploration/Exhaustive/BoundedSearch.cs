using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Runs every schedule of a scenario with at most so many preemptions, on several threads.</summary>
internal sealed class BoundedSearch : IDisposable
{
    private readonly object _guard = new();
    private readonly Queue<int[]> _parts = new([[]]);
    private readonly SearchClock _clock;
    private readonly Worker[] _workers;
    private int _idle;
    private bool _isOver;

    private BoundedSearch(
        ExploreOptions options, Func<ExploredMachine> machine, Stopwatch watch, LockOrderLedger lockOrder)
    {
        _workers = [.. Enumerable.Range(0, options.Workers)
            .Select(_ => new Worker(machine(), new BoundedStrategy(options.Preemptions!.Value), lockOrder))];
        _clock = new SearchClock(options, watch, () => [.. _workers.Select(worker => worker.Executions)]);
    }

    public static ExhaustiveOutcome Run<TScenario>(
        ExploreOptions options, MachineSettings settings, Stopwatch watch, LockOrderLedger lockOrder)
        where TScenario : struct, IScenario<TScenario>
    {
        using var search = new BoundedSearch(
            options,
            () => new ExploredMachine(
                new ExploredProgram<TScenario>(), settings with { CollectsLockOrder = options.LockOrder }),
            watch,
            lockOrder);
        SearchThreads.Run(search._workers.Length, search.Work, search.Stop);
        FailedRun? failed = search._workers.Select(worker => worker.Failed).OfType<FailedRun>().FirstOrDefault();
        bool isComplete = failed is null && search._workers.All(worker => worker.IsDone);
        return new ExhaustiveOutcome(
            failed,
            isComplete,
            search._workers.Sum(worker => worker.Executions),
            0,
            search._workers.Sum(worker => worker.Points),
            isComplete ? 1 : search._workers[0].Strategy.Progress(),
            OutcomeRows.Of(TScenario.Plan.Outcomes, search._workers.Select(worker => worker.Machine.Outcomes)));
    }

    public void Dispose() => Array.ForEach(_workers, worker => worker.Machine.Dispose());

    private void Work(int number)
    {
        Worker worker = _workers[number];
        while (NextPart() is { } part)
        {
            worker.Strategy.Start(part);
            do
            {
                if (Volatile.Read(ref _isOver) || (number == 0 && !_clock.GoesOn(
                    _workers.Sum(other => other.Executions), worker.Strategy.Progress)))
                {
                    Stop();
                    return;
                }

                if (worker.Run() is not null)
                {
                    Stop();
                    return;
                }

                if (Volatile.Read(ref _idle) > 0)
                {
                    GiveAway(worker.Strategy);
                }
            }
            while (worker.Strategy.MoveOn());
        }

        worker.IsDone = true;
    }

    // Null when every part has been run.
    private int[]? NextPart()
    {
        lock (_guard)
        {
            _idle++;
            while (_parts.Count == 0 && _idle < _workers.Length && !_isOver)
            {
                Monitor.Wait(_guard);
            }

            if (_parts.Count > 0 && !_isOver)
            {
                _idle--;
                return _parts.Dequeue();
            }

            // Who goes leaves the others the sign that nothing is left.
            Monitor.PulseAll(_guard);
            return null;
        }
    }

    private void GiveAway(BoundedStrategy strategy)
    {
        lock (_guard)
        {
            if (_parts.Count == 0 && strategy.Split() is { } part)
            {
                _parts.Enqueue(part);
                Monitor.Pulse(_guard);
            }
        }
    }

    private void Stop()
    {
        lock (_guard)
        {
            _isOver = true;
            Monitor.PulseAll(_guard);
        }
    }

    private sealed class Worker(ExploredMachine machine, BoundedStrategy strategy, LockOrderLedger lockOrder)
    {
        public ExploredMachine Machine => machine;

        public BoundedStrategy Strategy => strategy;

        public long Executions { get; private set; }

        public long Points { get; private set; }

        public bool IsDone { get; set; }

        public FailedRun? Failed { get; private set; }

        public FailedRun? Run()
        {
            strategy.Begin();
            machine.Run(strategy);
            Executions++;
            Points += machine.Points;
            lockOrder.PublishNext(machine, strategy.Name);
            if (machine.Finding is { } finding)
            {
                Failed = new FailedRun(Executions - 1, strategy.Name, finding, machine.Decisions.ToArray());
            }

            return Failed;
        }
    }
}
