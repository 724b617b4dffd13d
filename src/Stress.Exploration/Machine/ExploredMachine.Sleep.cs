using Stress.Machine;

namespace Stress.Exploration;

// Sleeping and allocating: accesses with rules of their own.
internal sealed partial class ExploredMachine
{
    // The RCU of the lock library keeps the depth of a task's read section in the low half of its word.
    private const uint RcuDepthMask = 0xffff;

    internal Step ArrivePark()
    {
        if (_isCutting || !LeavesCpu())
        {
            return new Step(Halted());
        }

        TaskStruct task = _arena.Task(_current.Number);
        if (ArriveWait(AccessOp.Park, task.State.Address, sizeof(uint), 0, 0) is { } pending)
        {
            return new Step(pending);
        }

        return default;
    }

    // Whether the running task may sleep here, and is off its CPU; a finding otherwise.
    private bool LeavesCpu()
    {
        if (MaySleep() is { } why)
        {
            Fail(why.Kind, why.Text);
            return false;
        }

        SetOnCpu(0);
        return true;
    }

    internal Step<nint> ArriveAlloc(SlabCache cache)
    {
        if (_plainAccessesArePoints || (_steps is not null && MayFail(cache)) ? MustYield() : MustStop())
        {
            _current.Cache = cache;
            return new Step<nint>(Announce(AccessOp.Alloc, 0, 0, 0, 0));
        }

        return new Step<nint>(PerformAlloc(cache));
    }

    internal Step ArriveFree(SlabCache cache, nint at)
    {
        if (_plainAccessesArePoints ? MustYield() : MustStop())
        {
            _current.Cache = cache;
            return new Step(Announce(AccessOp.Free, at, 0, 0, 0));
        }

        PerformFree(cache, at);
        return _finding is null ? default : new Step(Halted());
    }

    /// <summary>Why the running task may not sleep here, or null.</summary>
    internal unsafe (FindingKind Kind, string Text)? MaySleep()
    {
        if (_current.PreemptDepth > 0)
        {
            return (FindingKind.Bug, "scheduling while atomic: a task sleeps with preemption or interrupts disabled");
        }

        uint nesting = *(uint*)_arena.Task(_current.Number).RcuNesting.Address;
        return (nesting & RcuDepthMask) == 0 ? null
            : (FindingKind.Warning, "a task sleeps inside an RCU read section");
    }
}
