using Stress.Machine;

namespace Stress.Exploration;

// Making accesses: what each one does to memory.
internal sealed partial class ExploredMachine
{
    /// <summary>Who records the run, or null.</summary>
    internal Recorder? Recorder { get; private set; }

    /// <summary>Makes an access of the running task.</summary>
    /// <returns>What it yields, in the low bytes.</returns>
    internal ulong Perform(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        if (op is AccessOp.Alloc)
        {
            return (ulong)PerformAlloc(_current.Cache!);
        }

        if (op is AccessOp.Choose or AccessOp.NeedsResched or AccessOp.HasPassed)
        {
            return PerformDraw(op, a);
        }

        if (op is AccessOp.FullFence or AccessOp.FenceEveryCpu)
        {
            PerformFence(op);
            return 0;
        }

        if (op is AccessOp.Free)
        {
            PerformFree(_current.Cache!, at);
            return 0;
        }

        if (!_arena.IsLive(at))
        {
            Touched(at, op is AccessOp.WriteOnce or AccessOp.StoreRelease or AccessOp.Write ? "written" : "read");
            return 0;
        }

        if (_weak is not null)
        {
            return PerformWeak(op, at, size, a, b);
        }

        ulong before = Load(at, size);
        _steps?.Touch(at, size, Touches.KindOf(op, a, before), op, a);
        Classes?.Note(_current.Number, at, size, Touches.KindOf(op, a, before) == TouchKind.Write);
        ulong result = Apply(op, at, size, a, b, before);
        Recorder?.Accessed(_current.Number, op, at, size, a, b, before);
        if (_races is { IsOn: true } races)
        {
            races.Accessed(_current.Number, op, at, size, a, before);
        }

        return result;
    }

    /// <summary>Whether the access that a task announced has to wait.</summary>
    internal bool MustWait(ExploredTask task)
    {
        // A cell that was freed meanwhile ends the wait: making the access then is the finding.
        if (!_arena.IsLive(task.At))
        {
            return false;
        }

        if (!MemoryOrder.IsWait(task.Op) || (task.Op == AccessOp.WaitForWork && _isDraining))
        {
            return false;
        }

        return _weak is null ? !Touches.IsOver(task.Op, Load(task.At, task.Size), task.A)
            : _weak.Candidates(task.Number, task.Op, task.At, task.Size, task.A).IsEmpty;
    }

    internal void Touched(nint at, string how)
    {
        if (_arena.Find(at) is { IsLive: false } freed)
        {
            Fail(FindingKind.UseAfterFree,
                $"{Names.Of(at)} is {how} by {TaskName(_current.Number)} after {TaskName(freed.FreedBy)} freed it");
        }
        else if (at is >= 0 and < 4096)
        {
            Fail(FindingKind.UseAfterFree, $"null pointer: offset {at} is {how} by {TaskName(_current.Number)}");
        }
        else
        {
            Fail(FindingKind.UseAfterFree,
                $"memory that belongs to no object is {how} by {TaskName(_current.Number)}");
        }
    }

    internal nint PerformAlloc(SlabCache cache)
    {
        if (MayFail(cache) && Happens(AllocationFailsOneIn))
        {
            _failuresLeft--;
            _steps?.TouchFailures();
            Recorder?.Allocated(_current.Number, cache, 0);
            return 0;
        }

        nint at = _arena.Alloc(cache, _current.Number);
        _steps?.TouchObject(cache, at);
        if (_weak is not null && cache.Options.HasFlag(SlabOptions.TypesafeByRcu | SlabOptions.Zeroed))
        {
            _weak.Filled(_current.Number, at, cache.ObjectBytes);
        }

        Recorder?.Allocated(_current.Number, cache, at);
        if (_races is { IsOn: true } races)
        {
            races.Allocated(cache, at);
        }

        return at;
    }

    internal void PerformFree(SlabCache cache, nint at)
    {
        Recorder?.Freed(_current.Number, at);
        _steps?.TouchObject(cache, at);
        if (_races is { IsOn: true } races)
        {
            races.Freed(_current.Number, cache, at);
        }

        if (_arena.Free(cache, at, _current.Number) is { } wrong)
        {
            Fail(FindingKind.DoubleFree, wrong);
        }
    }

    internal void DisablePreemption()
    {
        ExploredTask task = _current;
        if (task.PreemptDepth++ == 0)
        {
            _steps?.TouchCpu(task.Spec.Cpu, isMasked: false);
            _races?.EnterCpu(task.Number);
            foreach (ExploredTask other in _tasks)
            {
                _masked |= other != task && other.Spec.Cpu == task.Spec.Cpu ? other.Bit : 0;
            }

            MaskForInterrupts();
        }
    }

    internal void EnablePreemption()
    {
        if (--_current.PreemptDepth == 0)
        {
            _steps?.TouchCpu(_current.Spec.Cpu, isMasked: true);
            SetPreemptible(_current);
        }
        else if (_current.PreemptDepth < 0)
        {
            Fail(FindingKind.ModelError, "preemption is enabled more often than it was disabled");
        }
    }

    private ulong PerformDraw(AccessOp op, ulong a) => op switch
    {
        AccessOp.Choose => (ulong)Draw((uint)a),
        AccessOp.NeedsResched => WantsCpu() ? 1ul : 0ul,
        _ => IsPast(a) ? 1ul : 0ul,
    };

    private bool MayFail(SlabCache cache) => _failuresLeft > 0 && !cache.Options.HasFlag(SlabOptions.NoFail);

    internal bool WantsCpu() => _realTime == 0 ? Happens(ReschedOneIn) : WantsRealTimeCpu();

    // A clock for each task: that one sees a deadline pass says nothing of the others.
    internal ulong DeadlineIn(ulong nanoseconds) => _current.Clock + nanoseconds;

    internal bool IsPast(ulong deadline)
    {
        if (_current.Clock < deadline && Happens(DeadlinePassesOneIn))
        {
            _current.Clock = deadline;
        }

        return _current.Clock >= deadline;
    }

    private const int AllocationFailsOneIn = 4;
    private const int ReschedOneIn = 4;
    private const int DeadlinePassesOneIn = 4;

    private ulong Apply(AccessOp op, nint at, int size, ulong a, ulong b, ulong before)
    {
        if (MemoryOrder.IsWait(op))
        {
            StopWaiting(op);
        }

        AccessEffect effect = AccessEffect.Of(op, a, b, before);
        if (effect.Writes)
        {
            Store(at, size, effect.Value);
        }

        return effect.Result;
    }

    private unsafe void SetOnCpu(uint value)
    {
        nint cell = _arena.Task(_current.Number).OnCpu.Address;
        if (_weak is not null)
        {
            // Nobody else writes the cell: there is nothing to decide.
            PerformWeak(AccessOp.WriteOnce, cell, sizeof(uint), value, 0, isDecided: false);
            return;
        }

        _steps?.Touch(cell, sizeof(uint), TouchKind.Write);
        *(uint*)cell = value;
    }

    private void StopWaiting(AccessOp op)
    {
        _waiting &= ~_current.Bit;
        _ready |= _current.Bit;
        if (op == AccessOp.Park)
        {
            SetOnCpu(1);
            _races?.EnterCpu(_current.Number);
        }
    }

    private static unsafe ulong Load(nint at, int size) => size switch
    {
        1 => *(byte*)at,
        2 => *(ushort*)at,
        4 => *(uint*)at,
        _ => *(ulong*)at,
    };

    private static unsafe void Store(nint at, int size, ulong value)
    {
        switch (size)
        {
            case 1: *(byte*)at = (byte)value; break;
            case 2: *(ushort*)at = (ushort)value; break;
            case 4: *(uint*)at = (uint)value; break;
            default: *(ulong*)at = value; break;
        }
    }
}
