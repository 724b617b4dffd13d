using System;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>One task of an explored run: its coroutine, the access that it is about to make, and its locks.</summary>
internal sealed class ExploredTask(int number, TaskSpec spec) : Coroutine
{
    private const int MaxHeld = 16;
    private const int MaxWanted = 4;

    private readonly HeldLock[] _held = new HeldLock[MaxHeld];

    // A sleeping lock takes a spin lock of its own while it is waited for: waits nest.
    private readonly HeldLock[] _wanted = new HeldLock[MaxWanted];
    private int _wantedCount;

    public int Number => number;

    public TaskSpec Spec => spec;

    /// <summary>The task's bit in every mask of tasks.</summary>
    public uint Bit => 1u << number;

    /// <summary>The outermost call, once started.</summary>
    public Flow Body { get; set; }

    public bool HasStarted { get; set; }

    public bool IsDone { get; set; }

    /// <summary>The access that was announced and is made when the task is chosen.</summary>
    public AccessOp Op;

    public nint At;

    public int Size;

    public ulong A;

    public ulong B;

    /// <summary>The cache of an announced allocation or free.</summary>
    public SlabCache? Cache;

    /// <summary>Time that has passed for the task, in nanoseconds.</summary>
    public ulong Clock;

    /// <summary>How often preemption was disabled and not enabled.</summary>
    public int PreemptDepth;

    /// <summary>How often interrupts were disabled and not enabled.</summary>
    public int IrqDepth;

    /// <summary>Operations that are open.</summary>
    public int Depth;

    /// <summary>Outermost operations that have ended.</summary>
    public int OperationsEnded;

    /// <summary>The innermost open operation, for reports.</summary>
    public string Operation = "";

    /// <summary>Locks held.</summary>
    public int HeldCount { get; private set; }

    /// <summary>The lock that the task said last it waits for; at address 0 when none.</summary>
    public HeldLock Wanted => _wantedCount == 0 ? default : _wanted[_wantedCount - 1];

    public ReadOnlySpan<HeldLock> HeldLocks => _held.AsSpan(0, HeldCount);

    public void Reset()
    {
        Innermost = null;
        Body = default;
        HasStarted = false;
        IsDone = false;
        Op = AccessOp.None;
        At = 0;
        Clock = 0;
        PreemptDepth = 0;
        IrqDepth = 0;
        Depth = 0;
        OperationsEnded = 0;
        Operation = "";
        HeldCount = 0;
        _wantedCount = 0;
    }

    public void Want(nint at, LockClass lockClass, int subclass, LockMode mode)
    {
        if (_wantedCount < MaxWanted)
        {
            _wanted[_wantedCount++] = new HeldLock(at, lockClass, subclass, mode);
        }
    }

    public void Hold(nint at, LockClass lockClass, int subclass, LockMode mode)
    {
        if (_wantedCount > 0 && Wanted.At == at)
        {
            _wantedCount--;
        }

        if (HeldCount == MaxHeld)
        {
            throw new RunFailedException(FindingKind.ModelError, $"a task holds more than {MaxHeld} locks");
        }

        _held[HeldCount++] = new HeldLock(at, lockClass, subclass, mode);
    }

    /// <summary>Takes note that a lock is given up; the one taken last when it is held more than once.</summary>
    public void LetGo(nint at)
    {
        for (int i = HeldCount - 1; i >= 0; i--)
        {
            if (_held[i].At == at)
            {
                HeldCount--;
                for (; i < HeldCount; i++)
                {
                    _held[i] = _held[i + 1];
                }

                return;
            }
        }
    }

    public HeldLock? HoldOf(nint at)
    {
        for (int i = 0; i < HeldCount; i++)
        {
            if (_held[i].At == at)
            {
                return _held[i];
            }
        }

        return null;
    }
}
