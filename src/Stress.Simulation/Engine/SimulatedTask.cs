using System;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>One task: it has a CPU of its own, and a role of the scenario.</summary>
internal sealed class SimulatedTask : Coroutine
{
    private const int FirstDepth = 16;

    private int[] _operations = new int[FirstDepth];
    private int _depth;

    public SimulatedTask(int number, int core, int role, bool isWorker)
    {
        Number = number;
        Core = core;
        Role = role;
        IsWorker = isWorker;
        Agent = new Agent(number, core, this);
    }

    public int Number { get; }

    public int Core { get; }

    public int Role { get; }

    /// <summary>Whether it serves the others: it makes one operation, which lasts as long as they run.</summary>
    public bool IsWorker { get; }

    public Agent Agent { get; }

    /// <summary>The task that runs on the other thread of its core; null when there is none.</summary>
    public SimulatedTask? Sibling { get; set; }

    /// <summary>Whether it uses its CPU.</summary>
    public bool IsRunning { get; set; }

    public Flow Body { get; set; }

    public bool IsDone { get; set; }

    /// <summary>The access that it asks a line for, or has been suspended at.</summary>
    public SimulatedOp Op;

    public nint At;

    public int Size;

    public ulong A;

    public ulong B;

    /// <summary>Who spins on the same line, next in order: its number plus 1; 0 for nobody.</summary>
    public short NextSpinner;

    /// <summary>Whether it sleeps, and since when.</summary>
    public bool IsAsleep;

    public long AsleepSince;

    /// <summary>When its last store that waits for a line will be over.</summary>
    public long StoresUntil;

    /// <summary>Operations made, and when the measured ones began. A worker is taken for warm with the first of the
    /// others.</summary>
    public long Operations;

    public long MeasuredFrom;

    public long MeasuredTo;

    public long SystemTime;

    public long SleepTime;

    public long SystemSince;

    /// <summary>Time asleep since <see cref="SystemSince"/>.</summary>
    public long SleptInside;

    /// <summary>Stores that went through the store buffer.</summary>
    public long StoreCount;

    /// <summary>Since when it waits for a lock; 0 when it does not.</summary>
    public long WaitsSince;

    public long HoldsSince;

    /// <summary>Open operations whose accesses cost nothing.</summary>
    public int Unmeasured;

    public bool IsUnmeasured => Unmeasured > 0;

    /// <summary>Innermost operation, as a number of the machine's; 0 outside of all.</summary>
    public int Operation { get; private set; }

    public int Depth => _depth;

    public void Enter(int operation)
    {
        if (_depth == _operations.Length)
        {
            Array.Resize(ref _operations, 2 * _depth);
        }

        _operations[_depth++] = Operation;
        Operation = operation;
    }

    public void Leave() => Operation = _operations[--_depth];
}

/// <summary>What a task does with a cell.</summary>
internal enum SimulatedOp : byte
{
    None,
    Load,
    Store,
    FetchAdd,
    FetchOr,
    FetchAnd,
    Exchange,
    CompareExchange,
    WaitWhile,
    WaitForClear,
    WaitForWork,
    AddWhenClear,
    PrepareToPark,
    CancelPark,
    Park,
    Unpark,
}
