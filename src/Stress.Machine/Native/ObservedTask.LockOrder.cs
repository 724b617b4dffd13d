using System.Runtime.CompilerServices;

namespace Stress.Machine.Native;

// The order of locks. What a task does alone, before and after the threads, says nothing about it.
public sealed partial class ObservedTask
{
    private readonly bool _isInterrupt;
    private readonly LockOrderWatch? _order;
    private int _irqDepth;

    private LockContext LockContext
        => _isInterrupt ? LockContext.Interrupt
            : _irqDepth > 0 ? LockContext.InterruptsOff
            : LockContext.InterruptsOn;

    internal void LockAcquired(in HeldLock taken, bool isTry)
    {
        if (IsDisturbed && _order is { } order && !order.Knows(Locks.HeldNow, taken, isTry, LockContext))
        {
            LearnOrder(taken, isTry);
        }

        Locks.Acquired(taken);
    }

    internal void IrqDisable()
    {
        _irqDepth++;
        PreemptDisable();
    }

    internal void IrqEnable()
    {
        if (--_irqDepth == 0 && IsDisturbed && !_isInterrupt && _order is { } order && !order.KnowsOpen(Locks.HeldNow))
        {
            Machine.LockOrder!.Add(order.LearnOpen(Locks.HeldNow, Name, Operation));
        }

        PreemptEnable();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LearnOrder(in HeldLock taken, bool isTry)
        => Machine.LockOrder!.Add(_order!.Learn(Locks.HeldNow, taken, isTry, LockContext, Name, Operation));
}
