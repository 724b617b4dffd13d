using System;
using System.Diagnostics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Decides step by step, and is told what each step touches.</summary>
/// <remarks>A step is an access with all that its task does until its next one. Unlike other strategies it is asked
/// also when only one task can go on.</remarks>
internal abstract class StepStrategy : IStrategy
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Whether the run was given up: nothing that has not been run already can come of it.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>The last step is over; says who makes the next one.</summary>
    /// <returns>The number of a task whose bit is set; -1 to give the run up.</returns>
    public abstract int NextStep(uint enabled, int current);

    /// <summary>The last step of the run is over.</summary>
    public abstract void End();

    /// <summary>The running step touches memory, and has not changed it yet.</summary>
    public abstract void Touch(nint at, int size, TouchKind kind, AccessOp op = AccessOp.None, ulong operand = 0);

    /// <summary>The running step disables or enables preemption on a CPU.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="isMasked">Whether it was disabled before.</param>
    public abstract void TouchCpu(int cpu, bool isMasked);

    /// <summary>The running step takes an object or gives it back.</summary>
    public abstract void TouchObject(SlabCache cache, nint at);

    /// <summary>The running step makes an allocation fail.</summary>
    public abstract void TouchFailures();

    /// <summary>Weak memory: the running step makes an access.</summary>
    /// <param name="at">Its address.</param>
    /// <param name="touch">What it does, but for the place.</param>
    /// <param name="isConditional">Whether it depends on what it reads whether it writes.</param>
    public abstract void TouchWeak(nint at, Touch touch, bool isConditional);

    /// <summary>Weak memory: the running step is a full fence.</summary>
    /// <param name="isOfAll">Whether on every CPU.</param>
    public abstract void TouchFence(bool isOfAll);

    /// <summary>Weak memory: which of several stores the running step uses.</summary>
    /// <param name="keys">What names them.</param>
    /// <returns>An index into <paramref name="keys"/>.</returns>
    public abstract int NextStore(ReadOnlySpan<int> keys);

    /// <inheritdoc/>
    public abstract int NextChoice(int count);

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => NextChoice(2) == 1;

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current) => throw new UnreachableException("steps are asked for one by one");
}
