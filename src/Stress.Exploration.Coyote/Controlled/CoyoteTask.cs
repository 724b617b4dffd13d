using System;
using System.Threading;
using Microsoft.Coyote.Runtime;
using Stress.Machine;

namespace Stress.Exploration.Coyote;

/// <summary>One task of one run: hands over to Coyote wherever another task could go first.</summary>
/// <remarks>
/// Runs on a thread that Coyote controls. Before an access it offers the turn; a task that has to wait is paused on a
/// condition that Coyote asks whenever it schedules, so nobody polls, and nobody being left is a deadlock for certain.
/// </remarks>
internal sealed class CoyoteTask
{
    private readonly ExploredMachine _machine;
    private readonly int _number;
    private readonly Func<bool> _canGoOn;

    public CoyoteTask(ExploredMachine machine, int number)
    {
        _machine = machine;
        _number = number;
        _canGoOn = () => machine.CanGoOn(number);
    }

    public ExploredMachine Machine => _machine;

    /// <summary>Whether the run has ended: a thread that Coyote lets go later must not touch the next one.</summary>
    public bool IsOver { get; set; }

    /// <summary>Waits until Coyote has chosen this task, and it can go on.</summary>
    /// <exception cref="ThreadInterruptedException">The run has ended.</exception>
    public void AwaitTurn()
    {
        ThrowIfOver();
        while (!_canGoOn())
        {
            Operation.PauseUntil(_canGoOn);
            ThrowIfOver();
        }

        _machine.GoesOn(_number);
    }

    /// <summary>Makes an access, once others that Coyote prefers have made theirs.</summary>
    public ulong Make(AccessOp op, nint at, int size, ulong a = 0, ulong b = 0)
    {
        if (_machine.Offers(op, at, size, a, b))
        {
            HandOver();
        }

        return Perform(op, at, size, a, b);
    }

    /// <summary>As <see cref="Make"/>, for a plain access: no point where the scenario wants none.</summary>
    public ulong MakePlain(AccessOp op, nint at, int size, ulong a = 0)
    {
        if (_machine.OffersPlain(op, at, size, a, 0))
        {
            HandOver();
        }

        return Perform(op, at, size, a, 0);
    }

    /// <summary>As <see cref="Make"/>, for an access that may have to wait.</summary>
    public ulong MakeWhenReady(AccessOp op, nint at, int size, ulong a = 0, ulong b = 0)
    {
        if (_machine.OffersWait(op, at, size, a, b))
        {
            HandOver();
        }

        return Perform(op, at, size, a, b);
    }

    /// <summary>Sleeps until another task wakes this one.</summary>
    public void Park()
    {
        nint state = _machine.Arena.Task(_number).State.Address;
        if (_machine.OffersPark())
        {
            HandOver();
        }

        Perform(AccessOp.Park, state, AtomicU32.Bytes, 0, 0);
    }

    /// <summary>Takes an object.</summary>
    public nint Alloc(SlabCache cache)
    {
        _machine.Current.Cache = cache;
        return (nint)MakePlain(AccessOp.Alloc, 0, 0);
    }

    /// <summary>Gives an object back.</summary>
    public void Free(SlabCache cache, nint at)
    {
        _machine.Current.Cache = cache;
        MakePlain(AccessOp.Free, at, 0);
    }

    public void ThrowIfFailed()
    {
        if (_machine.Finding is { } finding)
        {
            throw new RunFailedException(finding.Kind, finding.Text);
        }
    }

    private ulong Perform(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        ThrowIfFailed();
        ulong result = _machine.Perform(op, at, size, a, b);
        ThrowIfFailed();
        return result;
    }

    // A task that must wait offers nothing to choose from: it is paused at once.
    private void HandOver()
    {
        if (_canGoOn())
        {
            SchedulingPoint.Interleave();
        }

        AwaitTurn();
    }

    private void ThrowIfOver()
    {
        if (IsOver)
        {
            throw new ThreadInterruptedException();
        }
    }
}
