using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Stress.Machine;

/// <summary>Builds a <see cref="Flow"/>; called by the compiler.</summary>
/// <remarks>A call that is never suspended allocates nothing and touches no frame.</remarks>
public struct FlowBuilder
{
    private Frame<Unit>? _frame;

    /// <summary>The call.</summary>
    public readonly Flow Task => new(_frame);

    /// <summary>Makes a builder.</summary>
    public static FlowBuilder Create() => default;

    /// <summary>Runs the call to its first suspension.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The compiler calls it on the builder.")]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
        => stateMachine.MoveNext();

    /// <summary>Not used: frames are typed.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The compiler calls it on the builder.")]
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => throw NotATwin();

    /// <summary>Ends the call.</summary>
    public readonly void SetResult()
    {
        if (_frame is not null)
        {
            _frame.IsDone = true;
        }
    }

    /// <summary>Ends the call with an exception of the model's own.</summary>
    public readonly void SetException(Exception exception)
    {
        if (_frame is null)
        {
            throw new InvalidOperationException(exception.Message, exception);
        }

        _frame.Error = exception;
        _frame.IsDone = true;
    }

    /// <inheritdoc cref="AwaitUnsafeOnCompleted"/>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => Suspend(ref _frame, ref awaiter, ref stateMachine);

    /// <summary>Suspends the call.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => Suspend(ref _frame, ref awaiter, ref stateMachine);

    internal static InvalidOperationException NotATwin()
        => new("a twin awaits only the accesses of its cpu and other twins");

    internal static void Suspend<TAwaiter, TStateMachine, T>(
        ref Frame<T>? frame, ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (frame is null)
        {
            // The frame goes into the builder first: the builder is part of the state machine that is copied.
            var box = FrameBox<TStateMachine, T>.Rent();
            frame = box;
            box.StateMachine = stateMachine;
        }

        // Written twice so that the JIT sees a struct behind the interface and boxes nothing.
        if (awaiter is not ISuspension)
        {
            throw NotATwin();
        }

        ((ISuspension)awaiter).SuspendAt(frame);
    }
}

/// <summary>Builds a <see cref="Flow{T}"/>; called by the compiler.</summary>
/// <typeparam name="T">What the call returns.</typeparam>
public struct FlowBuilder<T>
{
    private T _result;
    private Frame<T>? _frame;

    /// <inheritdoc cref="FlowBuilder.Task"/>
    public readonly Flow<T> Task => _frame is null ? new Flow<T>(_result) : new Flow<T>(_frame);

    /// <inheritdoc cref="FlowBuilder.Create"/>
    public static FlowBuilder<T> Create() => default;

    /// <inheritdoc cref="FlowBuilder.Start"/>
    [SuppressMessage("Performance", "CA1822", Justification = "The compiler calls it on the builder.")]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
        => stateMachine.MoveNext();

    /// <inheritdoc cref="FlowBuilder.SetStateMachine"/>
    [SuppressMessage("Performance", "CA1822", Justification = "The compiler calls it on the builder.")]
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => throw FlowBuilder.NotATwin();

    /// <summary>Ends the call with its result.</summary>
    public void SetResult(T result)
    {
        if (_frame is null)
        {
            _result = result;
        }
        else
        {
            _frame.Result = result;
            _frame.IsDone = true;
        }
    }

    /// <inheritdoc cref="FlowBuilder.SetException"/>
    public readonly void SetException(Exception exception)
    {
        if (_frame is null)
        {
            throw new InvalidOperationException(exception.Message, exception);
        }

        _frame.Error = exception;
        _frame.IsDone = true;
    }

    /// <inheritdoc cref="FlowBuilder.AwaitUnsafeOnCompleted"/>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => FlowBuilder.Suspend(ref _frame, ref awaiter, ref stateMachine);

    /// <inheritdoc cref="FlowBuilder.AwaitUnsafeOnCompleted"/>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => FlowBuilder.Suspend(ref _frame, ref awaiter, ref stateMachine);
}
