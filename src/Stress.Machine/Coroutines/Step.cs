using System;
using System.Runtime.CompilerServices;

namespace Stress.Machine;

/// <summary>An access, awaited: made already, or still to be made when the machine lets the task go on.</summary>
/// <typeparam name="T">What it yields: an unmanaged type of at most 8 bytes.</typeparam>
/// <remarks>Two words, so it travels in registers, and an access that needs no switch costs one call.</remarks>
public readonly struct Step<T> : ICriticalNotifyCompletion, ISuspension
    where T : unmanaged
{
    private readonly T _value;
    private readonly Coroutine? _pending;

    /// <summary>An access that was made.</summary>
    public Step(T value) => _value = value;

    /// <summary>An access that the machine will make before it resumes the task.</summary>
    public Step(Coroutine pending) => _pending = pending;

    /// <summary>Whether it was made.</summary>
    public bool IsCompleted => _pending is null;

    /// <summary>A step is its own awaiter, so an await copies one struct.</summary>
    public Step<T> GetAwaiter() => this;

    /// <summary>What the access yielded.</summary>
    public T GetResult()
    {
        if (_pending is null)
        {
            return _value;
        }

        // Little-endian, as every target: the low bytes come first.
        ulong raw = _pending.Result;
        return Unsafe.As<ulong, T>(ref raw);
    }

    /// <inheritdoc/>
    public void SuspendAt(Frame frame) => _pending!.Innermost = frame;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => throw FlowBuilder.NotATwin();

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => throw FlowBuilder.NotATwin();
}

/// <summary>An access that yields nothing; otherwise a <see cref="Step{T}"/>.</summary>
public readonly struct Step : ICriticalNotifyCompletion, ISuspension
{
    private readonly Coroutine? _pending;

    /// <summary>An access that the machine will make before it resumes the task, or null for one that was made.</summary>
    public Step(Coroutine? pending) => _pending = pending;

    /// <inheritdoc cref="Step{T}.IsCompleted"/>
    public bool IsCompleted => _pending is null;

    /// <inheritdoc cref="Step{T}.GetAwaiter"/>
    public Step GetAwaiter() => this;

    /// <summary>Nothing: the access yields no value.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void SuspendAt(Frame frame) => _pending!.Innermost = frame;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => throw FlowBuilder.NotATwin();

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => throw FlowBuilder.NotATwin();
}
