using System;
using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Simulation;

// Accesses: at once where the core may use the line, and otherwise when the line has come.
internal sealed unsafe partial class SimulatedMachine
{
    private readonly PrivateCaches _caches;
    private readonly CountedLines _countedLines;
    private readonly PairPrefetchers _prefetchers;
    private readonly OperationTable _operations;
    private readonly long[][] _stores;
    private readonly long _userWork;
    private readonly long _reach;
    private readonly long _clearWork;

    /// <summary>An access that may have to wait for another task.</summary>
    internal Coroutine? Wait<T>(SimulatedOp op, nint at, ulong a, ulong b = 0)
        where T : unmanaged
    {
        Require(at);
        if (_isAlone && !IsOver(op, Read(at, Unsafe.SizeOf<T>()), a))
        {
            throw new RunFailedException(FindingKind.Deadlock, "a task that runs alone waits");
        }

        if (_isAlone)
        {
            _current.Result = Apply(_current, op, at, Unsafe.SizeOf<T>(), a, b);
            return null;
        }

        return Access(_current, op, at, Unsafe.SizeOf<T>(), a, b);
    }

    internal Step<T> Result<T>(Coroutine? pending)
        where T : unmanaged
        => pending is null ? new Step<T>(From<T>(_current.Result)) : new Step<T>(pending);

    internal Step Fence()
    {
        if (!_isAlone)
        {
            Drain(_current);
            Spend(_model.Atomic);
        }

        return default;
    }

    /// <summary>A page is zeroed: what is known of it is that it takes time and passes through the caches.</summary>
    internal void ClearPage()
    {
        if (!_isAlone && !_current.IsUnmeasured)
        {
            Spend(_clearWork);
            _caches.FillMany(_current.Core, PageLines);
        }
    }

    private const int PageLines = 64;

    // Null when the access was made; otherwise the task, which goes on when it has been.
    private SimulatedTask? Access(SimulatedTask task, SimulatedOp op, nint at, int size, ulong a, ulong b)
    {
        task.Op = op;
        task.At = at;
        task.Size = size;
        task.A = a;
        task.B = b;
        if (!TryAccess(task))
        {
            return task;
        }

        task.Op = SimulatedOp.None;
        return null;
    }

    // Makes the access that a task is at, or sees to it that it is made later.
    private bool TryAccess(SimulatedTask task)
    {
        Agent agent = task.Agent;
        if (task.IsUnmeasured)
        {
            return Perform(task);
        }

        LineUse use = UseOf(task.Op);
        int number = LineOf(task.At);
        ref CacheLine line = ref _directory[number];
        if (use == LineUse.Atomic)
        {
            Drain(task);
        }

        if (CanUse(ref line, task, use))
        {
            Use(ref line, task, task.At, number, use);
            return Complete(task);
        }

        if (!IsInTime(in line, task))
        {
            agent.Phase = AgentPhase.Run;
            _queue.Add(agent);
            return false;
        }

        agent.Line = number;
        agent.Use = use;
        agent.AskedAt = agent.Clock;

        // What others wait for is gone before it can be used.
        bool misses = !_directory.Sharers.Has(in line, task.Core) || line.First != 0;
        bool isMade = Ask(task, ref line);
        if (misses)
        {
            FetchPair(agent);
        }

        return isMade;
    }

    private bool Ask(SimulatedTask task, ref CacheLine line)
    {
        Agent agent = task.Agent;
        if (agent.Use == LineUse.Load && Directory.IsServedBeside(in line, agent.Clock))
        {
            Receive(agent, agent.Clock);
            return Complete(task);
        }

        bool isIdle = line.First == 0 && line.BusyUntil <= agent.Clock;
        bool isAtOnce = agent.Use == LineUse.Store || line.State is not (LineState.Modified or LineState.Exclusive)
            || !line.IsContended(agent.Clock);
        if (isIdle && isAtOnce)
        {
            return ReceiveNow(agent, task);
        }

        Queue(agent, ref line);
        return false;
    }

    private bool ReceiveNow(Agent agent, SimulatedTask task)
    {
        long asked = agent.Clock;
        Receive(agent, asked);
        if (task.Op == SimulatedOp.Store)
        {
            // It waits in the store buffer, and the task goes on; in order, as x86 and Arm's release stores have it.
            task.StoresUntil = Math.Max(task.StoresUntil, agent.Clock);
            agent.Clock = Math.Max(asked, Buffer(task, task.StoresUntil)) + _model.L1Hit;
            return Complete(task);
        }

        if (!Complete(task))
        {
            return false;
        }

        Overlap(agent, asked + _model.L1Hit);
        return true;
    }

    // What follows in the program has begun before the line came. Not before now, since others have gone on until now.
    private void Overlap(Agent agent, long now) => agent.Clock = Math.Max(now, agent.Clock - _model.Overlap);

    // The time at which the store buffer has room again.
    private long Buffer(SimulatedTask task, long until)
    {
        long[] stores = _stores[task.Number];
        int oldest = (int)(task.StoreCount++ % stores.Length);
        long room = stores[oldest];
        stores[oldest] = until;
        return room;
    }

    private static void Drain(SimulatedTask task)
        => task.Agent.Clock = Math.Max(task.Agent.Clock, task.StoresUntil);

    // The line has arrived. Whether the access is made: false when the task now waits for another one.
    private bool Complete(SimulatedTask task)
    {
        if (UseOf(task.Op) == LineUse.Atomic)
        {
            ref CacheLine line = ref _directory[LineOf(task.At)];
            bool isHandedOver = task.Sibling is { } sibling && line.LastThread == sibling.Number + 1;
            task.Agent.Clock = Math.Max(task.Agent.Clock, line.LockedUntil) + _model.Atomic
                + (isHandedOver ? _model.SiblingHandOver : 0);
            line.LockedUntil = task.Agent.Clock;
            line.LastThread = (short)(task.Number + 1);
            if (isHandedOver)
            {
                _tags.Drop(task.Core, LineOf(task.At));
                line.Move(task.Agent.Clock);
            }
        }

        return Perform(task);
    }

    private bool Perform(SimulatedTask task)
    {
        if (IsWait(task.Op) && !(task.Op == SimulatedOp.WaitForWork && _running == 0)
            && !IsOver(task.Op, Read(task.At, task.Size), task.A))
        {
            Spin(task);
            return false;
        }

        if (task.Op == SimulatedOp.Park)
        {
            return !Sleeps(task);
        }

        task.Result = Apply(task, task.Op, task.At, task.Size, task.A, task.B);
        return true;
    }

    private static bool IsWait(SimulatedOp op)
        => op is SimulatedOp.WaitWhile or SimulatedOp.WaitForClear or SimulatedOp.WaitForWork
            or SimulatedOp.AddWhenClear;

    private static bool IsOver(SimulatedOp op, ulong value, ulong a)
        => op is SimulatedOp.WaitForClear or SimulatedOp.AddWhenClear ? (value & a) == 0 : value != a;

    // It has a copy of the line, and looks again when that is thrown out.
    private void Spin(SimulatedTask task)
    {
        int number = LineOf(task.At);
        ref CacheLine line = ref _directory[number];
        _tags.Drop(task.Core, number);

        // A kernel thread without work sleeps, and leaves its core to the other thread.
        task.IsRunning = task.Op != SimulatedOp.WaitForWork;
        task.NextSpinner = line.Spinners;
        line.Spinners = (short)(task.Number + 1);
    }

    private void Changed(SimulatedTask by, ref CacheLine line)
    {
        for (short number = line.Spinners; number != 0;)
        {
            SimulatedTask woken = _tasks[number - 1];
            number = woken.NextSpinner;
            woken.NextSpinner = 0;
            woken.IsRunning = true;
            woken.Agent.Clock = Math.Max(woken.Agent.Clock, by.Agent.Clock);
            woken.Agent.Phase = AgentPhase.Run;
            _queue.Add(woken.Agent);
        }

        line.Spinners = 0;
        Limit(Math.Min(_limit, _queue.Earliest));
    }

    private static LineUse UseOf(SimulatedOp op) => op switch
    {
        SimulatedOp.Load or SimulatedOp.WaitWhile or SimulatedOp.WaitForClear or SimulatedOp.WaitForWork
            or SimulatedOp.Park => LineUse.Load,
        SimulatedOp.Store or SimulatedOp.CancelPark => LineUse.Store,
        _ => LineUse.Atomic,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CanUse(ref CacheLine line, SimulatedTask task, LineUse use)
        => _directory.IsHit(task.Core, in line, use != LineUse.Load) && IsInTime(in line, task)
            && IsStillHere(ref line, task, use);

    // What the others do before now must have been done, as far as it matters. They cannot call for a line and get it
    // before the call has travelled, except for the other thread of the core, which needs not call; while a line is
    // promised to one of them it stays until it leaves; and what nobody competes for can be used far ahead.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsInTime(in CacheLine line, SimulatedTask task)
    {
        long now = task.Agent.Clock;
        return now <= _limit + ReachOf(task) || (line.First != 0
            ? line.GrantedTo == task.Number && now <= line.LeavesAt
            : now <= _limit + MaxAhead && !line.IsContended(now));
    }

    // A line that is on its way to this core is there when it arrives. While others wait for it, it is there for the
    // task that it came for, until it leaves. The call for it is answered between atomic instructions: of those the
    // task makes the one that it came for, and, where that was a compare-and-exchange that failed, one more; or as many
    // as the machine has time for before it answers.
    private bool IsStillHere(ref CacheLine line, SimulatedTask task, LineUse use)
    {
        Agent agent = task.Agent;
        if (line.ArrivesAt > agent.Clock)
        {
            agent.Clock = line.ArrivesAt;
        }

        if (line.First == 0)
        {
            return true;
        }

        bool isHere = agent.Clock <= line.LeavesAt && (line.GrantedTo == task.Number || _model.ServesSibling)
            && (use != LineUse.Atomic || line.MayRetry || agent.Clock < line.ArrivesAt + _model.Burst);
        line.MayRetry &= use != LineUse.Atomic;
        return isHere;
    }

    private long Slowed(SimulatedTask task, long cost)
        => task.Sibling is { IsRunning: true } ? (long)(cost * _model.SmtSlowdown) : cost;

    private void Spend(long cost)
    {
        if (!_isAlone && !_current.IsUnmeasured)
        {
            _current.Agent.Clock += Slowed(_current, cost);
        }
    }
}
