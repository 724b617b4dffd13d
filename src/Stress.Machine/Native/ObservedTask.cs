using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>A native task that is watched: its locks, its operations, and a point before each access.</summary>
public sealed partial class ObservedTask : NativeTask
{
    // Long enough that the hand-over itself, some microseconds, does not dominate.
    private const uint MeanPointsPerSlice = 48;
    private const int MaxDelaySpins = 200;

    // A task that never waits must still see that the run has ended.
    private const long PointsBetweenLooks = 4096;

    private readonly double _perturb;
    private Xoshiro256 _random;
    private long _pointsToLook = PointsBetweenLooks;
    private long _pointsToDelay = long.MaxValue;
    private long _pointsToHandOver = long.MaxValue;
    private VirtualCpu? _sharedCpu;
    private int _preemptDepth;
    private bool _hasCpu;
    private bool _gaveCpuWhileWaiting;

    internal ObservedTask(NativeMachine machine, int number, TaskSpec spec, TaskStruct memory)
        : base(machine, number, spec, memory)
    {
        _perturb = machine.Options.Perturb;
        _isInterrupt = spec.IsInterrupt;
        _order = machine.LockOrder is null ? null : new LockOrderWatch();

        // Another generator than that of the model's choices: these do not change with the perturbation.
        _random = new Xoshiro256(SplitMix64.Derive(~machine.Options.Seed, (ulong)number));
        if (_perturb > 0)
        {
            DrawGap();
        }
    }

    /// <inheritdoc/>
    public override string Operation => Operations.ToString();

    /// <summary>How deep in sections that keep other tasks off its CPU.</summary>
    public int PreemptDepth => _preemptDepth;

    internal LockRecord Locks { get; } = new();

    internal OperationStack Operations { get; } = new();

    internal OperationTail Tail { get; } = new();

    internal LinePadding PaddingBehind { get; }

    internal VirtualCpu? SharedCpu
    {
        get => _sharedCpu;
        set
        {
            _sharedCpu = value;
            _pointsToHandOver = value is null ? long.MaxValue : 1;
        }
    }

    /// <summary>Before an access to an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Point(nint at)
    {
        Point();
        if (!Machine.Arena.IsTouchable(at))
        {
            FailAccess(at);
        }
    }

    /// <summary>Before an access that has no address of the model's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Point()
    {
        if (--_pointsToLook <= 0)
        {
            Look();
        }

        if (--_pointsToHandOver <= 0)
        {
            HandOver();
        }
    }

    /// <remarks>Also when a hand-over of its CPU is due but held back.</remarks>
    internal override bool NeedsResched()
        => (_sharedCpu is { IsWanted: true } && _hasCpu && _pointsToHandOver <= 1) || base.NeedsResched();

    internal void PreemptDisable() => _preemptDepth++;

    internal void PreemptEnable()
    {
        _preemptDepth--;
        if (_preemptDepth == 0)
        {
            Point();
        }
    }

    internal override void EnterCpu()
    {
        if (_sharedCpu is { } cpu && !_hasCpu)
        {
            cpu.Take();
            _hasCpu = true;
            MachineWord.Store(Memory.OnCpu.Address, 1u);
        }
    }

    internal override void LeaveCpu()
    {
        if (_sharedCpu is { } cpu && _hasCpu)
        {
            MachineWord.Store(Memory.OnCpu.Address, 0u);
            _hasCpu = false;
            cpu.Give();
        }
    }

    private protected override void WaitIsLong()
    {
        // A spinner that cannot be preempted keeps its CPU: whoever it waits for must be on another one.
        if (_preemptDepth == 0 && _hasCpu)
        {
            _gaveCpuWhileWaiting = true;
            LeaveCpu();
        }
    }

    private protected override void LongWaitIsOver()
    {
        if (_gaveCpuWhileWaiting)
        {
            _gaveCpuWhileWaiting = false;
            EnterCpu();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FailAccess(nint at)
        => Fail(FindingKind.UseAfterFree, $"access to {WhatIsAt(at)}");

    private string WhatIsAt(nint at)
    {
        if (Machine.Arena.SlabAt(at) is { } slab)
        {
            string what = Machine.Describe(at);
            return Machine.Arena.ObjectAt(at, slab.Cache.Stride) == 0 ? what : $"freed {what}";
        }

        const long PoisonWord = 0x6b6b6b6b6b6b6b6b;
        return at - PoisonWord is > -NativeArena.PageBytes and < NativeArena.PageBytes
            ? $"address 0x{at:x}: a pointer read from a freed object"
            : $"address 0x{at:x}, where no object ever was";
    }

    /// <summary>Now and then, and when a delay is due.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look()
    {
        Machine.Run.ThrowIfStopping();
        if (_pointsToDelay == 0)
        {
            if (IsDisturbed)
            {
                Delay();
            }

            DrawGap();
            return;
        }

        SetNextLook();
    }

    private void Delay()
    {
        switch (_random.Next(4))
        {
            case 0:
                Thread.Yield();
                break;
            case 1:
                Thread.Sleep(0);
                break;
            default:
                Thread.SpinWait((int)_random.Next(MaxDelaySpins));
                break;
        }
    }

    /// <summary>Draws the points until the next delay: geometric, as each has the same probability.</summary>
    private void DrawGap()
    {
        double uniform = ((_random.Next() >> 11) + 1) * (1.0 / ((1UL << 53) + 1));
        _pointsToDelay = _perturb >= 1
            ? 1
            : 1 + (long)Math.Min(1e15, Math.Log(uniform) / Math.Log(1 - _perturb));
        SetNextLook();
    }

    private void SetNextLook()
    {
        _pointsToLook = Math.Min(_pointsToDelay, PointsBetweenLooks);
        _pointsToDelay -= _pointsToLook;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandOver()
    {
        if (_sharedCpu is null)
        {
            _pointsToHandOver = long.MaxValue;
            return;
        }

        if (_preemptDepth > 0 || !_hasCpu)
        {
            // As soon as it may: an interrupt that was held back comes when interrupts are let in again.
            _pointsToHandOver = 1;
            return;
        }

        _pointsToHandOver = 1 + _random.Next(2 * MeanPointsPerSlice);
        if (_sharedCpu.IsWanted)
        {
            LeaveCpu();
            EnterCpu();
        }
    }
}
