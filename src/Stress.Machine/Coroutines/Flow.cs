using System;
using System.Runtime.CompilerServices;

namespace Stress.Machine;

/// <summary>A twin's call: already ended, or suspended at an access of it or of a method that it called.</summary>
/// <remarks>Must be awaited exactly once, by a twin; that hands its frame back.</remarks>
[AsyncMethodBuilder(typeof(FlowBuilder))]
public readonly struct Flow : ICriticalNotifyCompletion, ISuspension
{
    private readonly Frame<Unit>? _pending;

    internal Flow(Frame<Unit>? pending) => _pending = pending;

    /// <summary>Whether it ended without being suspended.</summary>
    public bool IsCompleted => _pending is null;

    /// <summary>Whether it has ended by now. For the outermost call, which nobody awaits.</summary>
    public bool HasEnded => _pending is null || _pending.IsDone;

    /// <summary>A call is its own awaiter.</summary>
    public Flow GetAwaiter() => this;

    /// <summary>Ends the await, and throws what the call threw.</summary>
    public void GetResult() => _pending?.Take();

    /// <inheritdoc/>
    public void SuspendAt(Frame frame) => _pending!.Caller = frame;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => throw FlowBuilder.NotATwin();

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => throw FlowBuilder.NotATwin();
}

/// <inheritdoc cref="Flow"/>
/// <typeparam name="T">What the call returns.</typeparam>
[AsyncMethodBuilder(typeof(FlowBuilder<>))]
public readonly struct Flow<T> : ICriticalNotifyCompletion, ISuspension
{
    private readonly T _result;
    private readonly Frame<T>? _pending;

    internal Flow(T result) => _result = result;

    internal Flow(Frame<T> pending)
    {
        _result = default!;
        _pending = pending;
    }

    /// <inheritdoc cref="Flow.IsCompleted"/>
    public bool IsCompleted => _pending is null;

    /// <inheritdoc cref="Flow.GetAwaiter"/>
    public Flow<T> GetAwaiter() => this;

    /// <summary>Ends the await with what the call returned, or throws what it threw.</summary>
    public T GetResult() => _pending is null ? _result : _pending.Take();

    /// <inheritdoc/>
    public void SuspendAt(Frame frame) => _pending!.Caller = frame;

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => throw FlowBuilder.NotATwin();

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => throw FlowBuilder.NotATwin();
}

/// <summary>What a twin may await: it is told which frame to resume.</summary>
public interface ISuspension
{
    /// <summary>Takes note of the frame that waits.</summary>
    void SuspendAt(Frame frame);
}

/// <summary>No value.</summary>
internal readonly struct Unit;
