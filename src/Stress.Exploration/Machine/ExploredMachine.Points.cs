using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Exploration;

// Announcing accesses: who makes the next one, and what it means when nobody can.
internal sealed partial class ExploredMachine
{
    /// <summary>Announces an access that another task may precede; makes it at once when none is to.</summary>
    internal Step<T> Arrive<T>(AccessOp op, nint at, ulong a = 0, ulong b = 0)
        where T : unmanaged
    {
        if (MustYield())
        {
            return new Step<T>(Announce(op, at, Unsafe.SizeOf<T>(), a, b));
        }

        ulong result = Perform(op, at, Unsafe.SizeOf<T>(), a, b);
        return _finding is null ? new Step<T>(From<T>(result)) : new Step<T>(Halted());
    }

    /// <summary>As <see cref="Arrive{T}"/>, for an access that yields nothing.</summary>
    internal Step ArriveVoid(AccessOp op, nint at, int size, ulong a = 0, ulong b = 0)
    {
        if (MustYield())
        {
            return new Step(Announce(op, at, size, a, b));
        }

        Perform(op, at, size, a, b);
        return _finding is null ? default : new Step(Halted());
    }

    /// <summary>A plain read: another task may come first only where the scenario wants that.</summary>
    internal unsafe Step<T> ArrivePlainRead<T>(nint at)
        where T : unmanaged
    {
        if (_plainAccessesArePoints ? MustYield() : MustStop())
        {
            return new Step<T>(Announce(AccessOp.Read, at, Unsafe.SizeOf<T>(), 0, 0));
        }

        if (!_arena.IsLive(at))
        {
            Touched(at, "read");
            return new Step<T>(Halted());
        }

        if (_weak is not null)
        {
            return new Step<T>(From<T>(PerformWeak(AccessOp.Read, at, Unsafe.SizeOf<T>(), 0, 0, _plainAccessesArePoints)));
        }

        T value = *(T*)at;
        _steps?.Touch(at, Unsafe.SizeOf<T>(), TouchKind.Read);
        Classes?.Note(_current.Number, at, Unsafe.SizeOf<T>(), writes: false);
        Recorder?.Accessed(_current.Number, AccessOp.Read, at, Unsafe.SizeOf<T>(), 0, 0, Raw(value));
        if (_races is { IsOn: true } races)
        {
            races.AccessedPlainly(_current.Number, AccessOrder.Read, at, Unsafe.SizeOf<T>(), Raw(value));
        }

        return new Step<T>(value);
    }

    /// <summary>A plain write: another task may come first only where the scenario wants that.</summary>
    internal unsafe Step ArrivePlainWrite<T>(nint at, T value)
        where T : unmanaged
    {
        if (_plainAccessesArePoints ? MustYield() : MustStop())
        {
            return new Step(Announce(AccessOp.Write, at, Unsafe.SizeOf<T>(), Raw(value), 0));
        }

        if (!_arena.IsLive(at))
        {
            Touched(at, "written");
            return new Step(Halted());
        }

        if (_weak is not null)
        {
            PerformWeak(AccessOp.Write, at, Unsafe.SizeOf<T>(), Raw(value), 0, _plainAccessesArePoints);
            return default;
        }

        _steps?.Touch(at, Unsafe.SizeOf<T>(), TouchKind.Write);
        Classes?.Note(_current.Number, at, Unsafe.SizeOf<T>(), writes: true);
        Recorder?.Accessed(_current.Number, AccessOp.Write, at, Unsafe.SizeOf<T>(), Raw(value), 0, Raw(*(T*)at));
        if (_races is { IsOn: true } races)
        {
            races.AccessedPlainly(_current.Number, AccessOrder.Write, at, Unsafe.SizeOf<T>(), Raw(value));
        }

        *(T*)at = value;
        return default;
    }

    /// <summary>An access that may have to wait for another task.</summary>
    internal Step<T> ArriveWait<T>(AccessOp op, nint at, ulong a, ulong b)
        where T : unmanaged
        => ArriveWait(op, at, Unsafe.SizeOf<T>(), a, b) is { } pending
            ? new Step<T>(pending) : new Step<T>(From<T>(_current.Result));

    /// <summary>As <see cref="ArriveWait{T}"/>: the task to resume, or null when the access was made.</summary>
    internal Coroutine? ArriveWait(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        ExploredTask task = _current;
        Announce(op, at, size, a, b);
        if (!MustWait(task))
        {
            if (MustYield())
            {
                // What it saw may have changed by the time it is chosen.
                _ready &= ~task.Bit;
                _waiting |= task.Bit;
                return task;
            }
        }
        else
        {
            if (MustStop())
            {
                return task;
            }

            _ready &= ~task.Bit;
            _waiting |= task.Bit;
            Recorder?.Waits(task.Number, op, at, size, a);
            uint enabled = Enabled();
            if (enabled == 0)
            {
                enabled = Stuck();
            }

            if (enabled == 0)
            {
                return task;
            }

            _next = Choose(enabled);
            if (_next != task.Number)
            {
                return task;
            }
        }

        task.Result = Perform(op, at, size, a, b);
        return _finding is null ? null : task;
    }

    internal Step<bool> ArriveWaitForWork(nint at, int size, ulong value)
        => ArriveWait(AccessOp.WaitForWork, at, size, value, 0) is { } pending
            ? new Step<bool>(pending) : new Step<bool>(_current.Result != 0);

    internal Step<bool> ArriveUnpark(TaskStruct task)
        => MustYield() ? new Step<bool>(Announce(AccessOp.Unpark, task.State.Address, sizeof(uint), 0, 0))
            : new Step<bool>(Perform(AccessOp.Unpark, task.State.Address, sizeof(uint), 0, 0) != 0);

    /// <summary>A decision of the task's own; a step like any other where steps are searched one by one.</summary>
    internal Step<T> ArriveDraw<T>(AccessOp op, ulong a)
        where T : unmanaged
        => _steps is not null && MustYield() ? new Step<T>(Announce(op, 0, 0, a, 0))
            : new Step<T>(From<T>(PerformDraw(op, a)));

    internal Step Fence(AccessOp op)
    {
        if (_isCutting)
        {
            return default;
        }

        if (_weak is not null && op is (AccessOp.FullFence or AccessOp.FenceEveryCpu))
        {
            return ArriveVoid(op, 0, 0);
        }

        // Without weak memory every access is in order already; races are judged by the order that was asked for.
        _weak?.Fence(_current.Number, op);
        _races?.Fenced(_current.Number, op);
        Recorder?.Fenced(_current.Number, op);
        return default;
    }

    internal Step ArrivePreemption(bool isOff)
    {
        if (isOff)
        {
            DisablePreemption();
        }
        else
        {
            EnablePreemption();
        }

        return default;
    }

    internal Step Judge(bool isWrong, FindingKind kind, string text)
    {
        if (!isWrong)
        {
            return default;
        }

        Fail(kind, text);
        return new Step(Halted());
    }

    /// <summary>Fails the run when an access of a task that runs alone would have to wait.</summary>
    internal void WaitAlone(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        if (MustWait(Announce(op, at, size, a, b)))
        {
            Fail(FindingKind.Deadlock, $"alone, {new WaitGraph(this, _tasks).Describe(_current)}");
        }
    }

    /// <summary>Looks at a cell in the middle of a run.</summary>
    internal ulong Observe(nint at, int size)
    {
        if (_arena.IsLive(at))
        {
            _steps?.Touch(at, size, TouchKind.Read);
            return Load(at, size);
        }

        Touched(at, "read");
        return 0;
    }

    /// <summary>The lock at an address and the first task that holds it, or null.</summary>
    internal (HeldLock Lock, string Holder)? HolderOf(nint at)
    {
        foreach (ExploredTask task in _tasks)
        {
            if (task.HoldOf(at) is { } held)
            {
                return (held, task.Spec.Name);
            }
        }

        return null;
    }

    internal void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode)
    {
        if (_isCutting)
        {
            return;
        }

        _current.Want(at, lockClass, subclass, mode);
        Recorder?.Locked(_current.Number, AccessOp.LockContended, at, lockClass, subclass, mode);
    }

    internal void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode)
    {
        _current.Hold(at, lockClass, subclass, mode);
        Recorder?.Locked(_current.Number, AccessOp.LockAcquired, at, lockClass, subclass, mode);
    }

    internal void LockReleased(nint at)
    {
        if (Recorder is not null && _current.HoldOf(at) is { Class: { } lockClass } held)
        {
            Recorder.Locked(_current.Number, AccessOp.LockReleased, at, lockClass, held.Subclass, held.Mode);
        }

        _current.LetGo(at);
    }

    internal void Enter(string operation, int arguments, long a, long b)
    {
        if (_isCutting)
        {
            return;
        }

        if (_current.Depth++ == 0)
        {
            _current.Operation = operation;
        }

        _races?.Entered(_current.Number, operation);
        Recorder?.Entered(_current.Number, operation, arguments, a, b);
    }

    internal void Leave(bool hasResult, long result)
    {
        if (_isCutting)
        {
            return;
        }

        _races?.Left(_current.Number);
        Recorder?.Left(_current.Number, hasResult, result);
        if (--_current.Depth == 0)
        {
            JudgeInvariant();
            _current.Operation = "";
            CutAfterOperation();
        }
    }

    private void JudgeInvariant()
    {
        try
        {
            _program.Invariant(new DirectCpu(this, isObserver: true));
        }
        catch (RunFailedException failure)
        {
            Fail(failure.Kind, failure.Message);
        }
    }

    // Whether another task goes first, or the run is over.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MustYield()
    {
        if (MustStop())
        {
            return true;
        }

        _points++;
        uint enabled = (_waiting | _realTime) == 0 ? _ready & ~_masked : Enabled();
        return (enabled != _current.Bit || _steps is not null) && IsPassedOn(enabled);
    }

    private bool IsPassedOn(uint enabled)
    {
        _next = Choose(enabled);
        return _next != _current.Number;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MustStop() => ++_accesses > _accessLimit && IsOver();

    private bool IsOver()
    {
        if (_isCutting)
        {
            return true;
        }

        Fail(FindingKind.StepBound, $"no end within {_plan.MaxPoints} scheduling points");
        return true;
    }

    private ExploredTask Announce(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        ExploredTask task = _current;
        task.Op = op;
        task.At = at;
        task.Size = size;
        task.A = a;
        task.B = b;
        return task;
    }

    // A step that is never completed: the run has failed.
    private ExploredTask Halted() => _current;

    internal static unsafe T From<T>(ulong raw)
        where T : unmanaged
        => *(T*)&raw;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe ulong Raw<T>(T value)
        where T : unmanaged
    {
        ulong raw = 0;
        *(T*)&raw = value;
        return raw;
    }
}
