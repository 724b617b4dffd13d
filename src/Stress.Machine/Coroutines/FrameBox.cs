using System;
using System.Runtime.CompilerServices;

namespace Stress.Machine;

/// <summary>Keeps the state machine of one suspended call, and is used again for the next.</summary>
/// <remarks>The free list is the thread's own: a machine runs on one thread, so frames never change threads.</remarks>
internal sealed class FrameBox<TStateMachine, T> : Frame<T>
    where TStateMachine : IAsyncStateMachine
{
    [ThreadStatic]
    private static FrameBox<TStateMachine, T>? s_free;

    private TStateMachine _stateMachine = default!;
    private FrameBox<TStateMachine, T>? _next;

    public ref TStateMachine StateMachine => ref _stateMachine;

    public static FrameBox<TStateMachine, T> Rent()
    {
        FrameBox<TStateMachine, T>? box = s_free;
        if (box is null)
        {
            return new FrameBox<TStateMachine, T>();
        }

        s_free = box._next;
        return box;
    }

    internal override void Recycle()
    {
        Caller = null;
        IsDone = false;
        Error = null;
        _next = s_free;
        s_free = this;
    }

    private protected override void MoveNext() => _stateMachine.MoveNext();
}
