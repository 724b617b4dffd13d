using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

// The order of locks: collected over all runs, or judged in each of them. Tasks that run alone say nothing about it.
internal sealed partial class ExploredMachine
{
    private readonly LockOrderWatch? _order;
    private readonly IReadOnlyList<LockOrderFact>? _knownOrder;
    private readonly List<LockOrderFact> _newOrder = [];
    private LockOrderGraph? _orderGraph;

    /// <summary>What this machine has seen for the first time, since this was cleared.</summary>
    internal List<LockOrderFact> NewLockOrder => _newOrder;

    /// <summary>The circle of locks that the last run closed, or null.</summary>
    internal LockOrderInversion? Inversion { get; private set; }

    /// <summary>Forgets what was seen of a run that was given up: another one will show it.</summary>
    internal void DropLockOrder()
    {
        if (_newOrder.Count > 0)
        {
            _newOrder.Clear();
            _order!.Forget();
        }
    }

    /// <summary>A task that is not alone has taken a lock.</summary>
    internal void LockTaken(in HeldLock taken, bool isTry)
    {
        ExploredTask task = _current;
        LockContext context = ContextOf(task);
        bool isNew = _order is { } order && !order.Knows(task.HeldLocks, taken, isTry, context);
        int held = task.HeldCount;
        LockAcquired(taken.At, taken.Class!, taken.Subclass, taken.Mode);
        if (isNew)
        {
            Learned(_order!.Learn(task.HeldLocks[..held], taken, isTry, context, task.Spec.Name, task.Operation));
        }
    }

    private void InterruptsAreOn(ExploredTask task)
    {
        if (_order is { } order && !task.Spec.IsInterrupt && !order.KnowsOpen(task.HeldLocks))
        {
            Learned(order.LearnOpen(task.HeldLocks, task.Spec.Name, task.Operation));
        }
    }

    private void BeginLockOrder()
    {
        if (_knownOrder is not null)
        {
            // Each run by itself, on top of what is known.
            _order!.Forget();
            _orderGraph = new LockOrderGraph(_knownOrder);
            Inversion = null;
        }
    }

    private void Learned(IReadOnlyList<LockOrderFact> facts)
    {
        if (_orderGraph is null)
        {
            _newOrder.AddRange(facts);
            return;
        }

        bool isNew = false;
        foreach (LockOrderFact fact in facts)
        {
            isNew |= _orderGraph.Add(fact);
        }

        if (isNew && _orderGraph.FindInversion() is { } inversion)
        {
            Inversion = inversion;
            Fail(FindingKind.LockOrder, inversion.Text);
        }
    }

    private static LockContext ContextOf(ExploredTask task)
        => task.Spec.IsInterrupt ? LockContext.Interrupt
            : task.IrqDepth > 0 ? LockContext.InterruptsOff
            : LockContext.InterruptsOn;
}
