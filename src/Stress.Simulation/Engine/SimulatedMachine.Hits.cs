using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Simulation;

// Accesses to lines that the core used before and still may: nearly all that are made. Each method asks the line's tag,
// and leaves to the slow path whatever is not plain.
internal sealed unsafe partial class SimulatedMachine
{
    private readonly HitTags _tags;
    private readonly int _l1Lines;

    // Of the running task: what its accesses need, at hand.
    private Agent _agent;
    private HitTag* _tagsOfCore;
    private int* _fillsOfCore;
    private long _hitCost;
    private int _siblingThread;

    // Until when it may use lines by their tags; the beginning of time when it may not.
    private long _near;
    private long _far;

    internal Step<T> Load<T>(nint at)
        where T : unmanaged
    {
        int line = (int)((at - _base) >> LineShift);
        HitTag* tag = _tagsOfCore + (line & HitTags.Mask);
        Agent agent = _agent;
        long now = agent.Clock;
        if (tag->Line != line || !IsPlain(tag, now))
        {
            return LoadSlowly<T>(at);
        }

        agent.Clock = now + _hitCost;
        return new Step<T>(*(T*)at);
    }

    internal Step Store<T>(nint at, T value)
        where T : unmanaged
    {
        int line = (int)((at - _base) >> LineShift);
        HitTag* tag = _tagsOfCore + (line & HitTags.Mask);
        Agent agent = _agent;
        long now = agent.Clock;
        if (!IsWritable(tag, line) || !IsPlain(tag, now))
        {
            return StoreSlowly(at, value);
        }

        agent.Clock = now + _hitCost;
        if ((tag->Key & HitTag.Moved) != 0)
        {
            Statistics.StoreHit(WordOf(at), _current);
        }

        *(T*)at = value;
        return default;
    }

    /// <summary>An atomic read-modify-write.</summary>
    internal Step<T> Modify<T>(SimulatedOp op, nint at, ulong a, ulong b = 0)
        where T : unmanaged
    {
        int number = (int)((at - _base) >> LineShift);
        HitTag* tag = _tagsOfCore + (number & HitTags.Mask);
        Agent agent = _agent;

        // Behind the stores before it.
        long now = Math.Max(agent.Clock, _current.StoresUntil);
        if (!IsWritable(tag, number))
        {
            return ModifySlowly<T>(op, at, a, b);
        }

        ulong before = Raw(*(T*)at);
        ref CacheLine line = ref _directory[number];
        if (line.LastThread == _siblingThread || op == SimulatedOp.Unpark
            || (op == SimulatedOp.CompareExchange && before != a) || !IsPlain(tag, now))
        {
            return ModifySlowly<T>(op, at, a, b);
        }

        agent.Clock = Math.Max(now, line.LockedUntil) + _model.Atomic;
        line.LockedUntil = agent.Clock;
        line.LastThread = (short)(agent.Number + 1);
        if ((tag->Key & HitTag.Moved) != 0)
        {
            Statistics.StoreHit(WordOf(at), _current);
        }

        *(T*)at = From<T>(op switch
        {
            SimulatedOp.FetchAdd => unchecked(before + a),
            SimulatedOp.FetchOr => before | a,
            SimulatedOp.FetchAnd => before & a,
            SimulatedOp.Exchange => a,
            _ => b,
        });
        return new Step<T>(From<T>(before));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWritable(HitTag* tag, int line)
        => (tag->Key & ~(HitTag.Calm | HitTag.Moved)) == HitTag.KeyOf(line, HitTag.Writable);

    // In L1, there by now, and before anybody else can take it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPlain(HitTag* tag, long now)
    {
        int fills = *_fillsOfCore;
        if (now > ((tag->Key & HitTag.Calm) != 0 ? _far : _near) || now < tag->From
            || fills - tag->UsedAt >= _l1Lines)
        {
            return false;
        }

        tag->UsedAt = fills;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Step<T> LoadSlowly<T>(nint at)
        where T : unmanaged
    {
        SimulatedTask task = _current;
        Require(at);
        if (_isAlone || task.IsUnmeasured)
        {
            return new Step<T>(*(T*)at);
        }

        int number = LineOf(at);
        ref CacheLine line = ref _directory[number];
        if (CanUse(ref line, task, LineUse.Load))
        {
            Use(ref line, task, at, number, LineUse.Load);
            return new Step<T>(*(T*)at);
        }

        return Result<T>(Access(task, SimulatedOp.Load, at, Unsafe.SizeOf<T>(), 0, 0));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Step StoreSlowly<T>(nint at, T value)
        where T : unmanaged
    {
        SimulatedTask task = _current;
        Require(at);
        if (_isAlone)
        {
            *(T*)at = value;
            return default;
        }

        int number = LineOf(at);
        ref CacheLine line = ref _directory[number];
        if (!task.IsUnmeasured)
        {
            if (!CanUse(ref line, task, LineUse.Store))
            {
                return new Step(Access(task, SimulatedOp.Store, at, Unsafe.SizeOf<T>(), Raw(value), 0));
            }

            Use(ref line, task, at, number, LineUse.Store);
        }

        *(T*)at = value;
        if (line.Spinners != 0)
        {
            Changed(task, ref line);
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Step<T> ModifySlowly<T>(SimulatedOp op, nint at, ulong a, ulong b)
        where T : unmanaged
    {
        int size = op == SimulatedOp.Unpark ? sizeof(uint) : Unsafe.SizeOf<T>();
        SimulatedTask task = _current;
        Require(at);
        if (_isAlone || task.IsUnmeasured)
        {
            return new Step<T>(From<T>(Apply(task, op, at, size, a, b)));
        }

        return Result<T>(Access(task, op, at, size, a, b));
    }

    // Nothing else is checked: a model is explored for that. But it must not reach what is the host's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Require(nint at)
    {
        if ((nuint)(at - _base) >= _bytes)
        {
            throw Outside(at);
        }
    }

    private RunFailedException Outside(nint at) => new(
        FindingKind.UseAfterFree,
        at is >= 0 and < 4096 ? $"null pointer: task {_current.Number} touches offset {at}"
            : $"task {_current.Number} touches memory that belongs to no object");

    // The core uses a line that it has, and has a tag for it from now on, unless others wait for it.
    private void Use(ref CacheLine line, SimulatedTask task, nint at, int number, LineUse use)
    {
        _tags.Drop(task.Core, number);
        if (use != LineUse.Load)
        {
            line.State = LineState.Modified;
            if (line.MovedAt != 0)
            {
                Statistics.StoreHit(WordOf(at), task);
            }
        }

        // The time of an atomic instruction is that of one in L1.
        long cost = _caches.Use(task.Core, number, line.IsOwnedBy(task.Core), out int usedAt)
            - (use == LineUse.Atomic ? _model.L1Hit : 0);
        task.Agent.Clock += Slowed(task, cost);
        if (line.First == 0)
        {
            int flags = (line.State == LineState.Modified && line.Owner == task.Core && line.Spinners == 0
                    ? HitTag.Writable : 0)
                | (line.IsContended(task.Agent.Clock) ? 0 : HitTag.Calm) | (line.MovedAt != 0 ? HitTag.Moved : 0);
            _tags.Add(task.Core, number, flags, usedAt, line.ArrivesAt);
        }
    }

    // The task runs, until the limit at first.
    [MemberNotNull(nameof(_current), nameof(_agent))]
    private void Switch(SimulatedTask task, long limit)
    {
        _current = task;
        _agent = task.Agent;
        _tagsOfCore = _tags.Of(task.Core);
        _fillsOfCore = _caches.FillsOf(task.Core);
        _siblingThread = task.Sibling is { } sibling ? sibling.Number + 1 : -1;

        // With nobody to wait for it would never stop, not even to be looked after.
        Limit(_queue.IsEmpty ? _lookAt : limit);
    }

    // Until when the others leave the running task alone; its sibling may have begun to run.
    private void Limit(long limit)
    {
        _limit = limit;
        _hitCost = Slowed(_current, _model.L1Hit);
        bool isPlain = !_isAlone && !_current.IsUnmeasured && _moved is null;
        _near = isPlain ? limit + ReachOf(_current) : long.MinValue;
        _far = isPlain ? limit + MaxAhead : long.MinValue;
    }

    private long ReachOf(SimulatedTask task) => task.Sibling is { IsRunning: true } ? 0 : _reach;
}
