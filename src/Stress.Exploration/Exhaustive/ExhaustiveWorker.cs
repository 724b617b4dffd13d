using System;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Searches on one thread, with a machine of its own.</summary>
internal sealed class ExhaustiveWorker : IDisposable
{
    private readonly ExploredMachine _machine;
    private readonly SearchTree _tree;
    private readonly LockOrderLedger _lockOrder;
    private readonly bool _isFirst;

    public ExhaustiveWorker(ExploredMachine machine, SearchTree tree, LockOrderLedger lockOrder)
    {
        _lockOrder = lockOrder;
        _machine = machine;
        _tree = tree;
        _isFirst = tree.IsEmpty;
        Strategy = new ExhaustiveStrategy(machine, tree);
    }

    public ExhaustiveStrategy Strategy { get; }

    /// <summary>What the runs came to.</summary>
    public OutcomeCollector Outcomes => _machine.Outcomes;

    /// <summary>Runs to their end.</summary>
    public long Executions { get; private set; }

    /// <summary>Scheduling points of all runs.</summary>
    public long Points { get; private set; }

    /// <summary>Whether a run did not end.</summary>
    public bool IsEndless { get; private set; }

    /// <summary>The run that failed, or null.</summary>
    public FailedRun? Failed { get; private set; }

    /// <summary>Searches until all is searched, a run fails, or it is told to end.</summary>
    /// <param name="goesOn">Is asked before each run.</param>
    public void Search(Func<bool> goesOn)
    {
        bool isFirst = _isFirst;
        while (isFirst || Strategy.MoveOn())
        {
            isFirst = false;
            if (!goesOn())
            {
                _tree.Stop();
                return;
            }

            Strategy.Begin();
            _machine.Run(Strategy);
            Points += _machine.Points;
            if (_machine.Finding is { Kind: FindingKind.StepBound })
            {
                // Whoever spins without waiting can be let spin for ever: no bug, and nothing to search to its end.
                IsEndless = true;
                _tree.Stop();
                return;
            }

            Strategy.Enter();
            if (Strategy.IsAbandoned)
            {
                _machine.DropLockOrder();
                continue;
            }

            Executions++;
            _lockOrder.PublishNext(_machine, Strategy.Name);
            if (_machine.Finding is { } finding)
            {
                Failed = new FailedRun(Executions - 1, Strategy.Name, finding, _machine.Decisions.ToArray());
                _tree.Stop();
                return;
            }
        }
    }

    public void Dispose() => _machine.Dispose();
}
