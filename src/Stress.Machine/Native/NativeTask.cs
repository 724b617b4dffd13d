using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>One task of a native machine: used by one thread at a time.</summary>
public class NativeTask
{
    private const int SpinsBeforeSleep = 20;
    private const int SleepCheckMs = 100;
    private const long QuantumNs = 1_000_000;
    private const long OversubscribedQuantumNs = 50_000;
    private const long SpinGapNs = 200_000;
    private const long OversubscribedSpinGapNs = 20_000;

    private readonly object _bed = new();
    private readonly ulong _failAlloc;
    private NativeMagazine?[] _magazines = [];
    private Xoshiro256 _random;
    private bool _asleep;
    private long _spinStart;
    private long _spinLast;
    private nint _waitingAt;
    private long _waitingSince;
    private bool _parked;

    internal NativeTask(NativeMachine machine, int number, TaskSpec spec, TaskStruct memory)
    {
        Machine = machine;
        Number = number;
        Name = spec.Name;
        Cpu = spec.Cpu;
        Memory = memory;
        _random = new Xoshiro256(SplitMix64.Derive(machine.Options.Seed, (ulong)number));
        _failAlloc = machine.Options.FailAlloc >= 1 ? 1UL << 53 : (ulong)(machine.Options.FailAlloc * (1UL << 53));
    }

    /// <summary>The machine that it belongs to.</summary>
    public NativeMachine Machine { get; }

    /// <summary>Its number among the tasks, from 0.</summary>
    public int Number { get; }

    /// <summary>What it plays, for reports.</summary>
    public string Name { get; }

    /// <summary>The CPU that it runs on.</summary>
    public int Cpu { get; }

    /// <summary>What models know of it.</summary>
    public TaskStruct Memory { get; }

    /// <summary>Whether allocations fail, and accesses are delayed, with the probabilities of the options. Off while
    /// the task prepares, checks or tears down.</summary>
    public bool IsDisturbed { get; set; }

    /// <summary>The operation that it is in, or an empty text.</summary>
    public virtual string Operation => "";

    /// <summary>Address that it has been waiting for longer than a few spins; 0 when it does not.</summary>
    internal nint WaitingAt => Volatile.Read(ref _waitingAt);

    /// <summary>When the wait began, in nanoseconds of <see cref="Now"/>.</summary>
    internal long WaitingSince => Volatile.Read(ref _waitingSince);

    /// <summary>Whether it sleeps until a waker comes.</summary>
    internal bool IsParked => Volatile.Read(ref _parked);

    internal LinePadding Padding { get; }

    /// <summary>The host's clock, in nanoseconds.</summary>
    internal static long Now
        => (long)(Stopwatch.GetTimestamp() * (1_000_000_000.0 / Stopwatch.Frequency));

    /// <summary>Reports a finding, and ends the task and the run.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Fail(FindingKind kind, string text)
    {
        Machine.Run.Report(new HammerFinding(kind, text, Name, Operation));
        throw new RunFailedException(kind, text);
    }

    internal uint Choose(uint count) => _random.Next(count);

    internal nint Alloc(SlabCache cache)
    {
        NativeMagazine magazine = MagazineOf(cache);
        return _failAlloc != 0 && IsDisturbed && magazine.MayFail && _random.Next() >> 11 < _failAlloc
            ? 0
            : magazine.Alloc();
    }

    internal void Free(SlabCache cache, nint at) => MagazineOf(cache).Free(at);

    /// <summary>Whether the spin that the calls belong to has used up its time slice.</summary>
    /// <remarks>Calls less than 200 µs apart are one spin: a virtual CPU may lose its core for so long. A slice is 1 ms.
    /// Where the host has fewer CPUs than the machine has tasks it is 50 µs, and a gap 20 µs: whoever is waited for may then
    /// not be running at all.</remarks>
    internal virtual bool NeedsResched()
    {
        long now = Now;
        if (now - _spinLast > (Machine.IsOversubscribed ? OversubscribedSpinGapNs : SpinGapNs))
        {
            _spinStart = now;
        }

        _spinLast = now;
        return now - _spinStart > (Machine.IsOversubscribed ? OversubscribedQuantumNs : QuantumNs);
    }

    /// <summary>Waits while a word holds a value: some spins, then with yields to the host.</summary>
    internal void WaitWhile<T>(nint at, T value)
        where T : unmanaged
    {
        var spinner = default(SpinWait);
        while (MachineWord.Bits(MachineWord.Load<T>(at)) == MachineWord.Bits(value))
        {
            Spin(ref spinner, at);
        }

        EndWait();
    }

    /// <summary>Waits until none of the bits is set.</summary>
    internal void WaitForClear<T>(nint at, T bits)
        where T : unmanaged
    {
        var spinner = default(SpinWait);
        while ((MachineWord.Bits(MachineWord.Load<T>(at)) & MachineWord.Bits(bits)) != 0)
        {
            Spin(ref spinner, at);
        }

        EndWait();
    }

    /// <summary>Waits until a word changes or the tasks that the worker serves have ended.</summary>
    internal bool WaitForWork<T>(nint at, T value)
        where T : unmanaged
    {
        var spinner = default(SpinWait);
        LeaveCpu();
        bool mayEnd = false;
        while (MachineWord.Bits(MachineWord.Load<T>(at)) == MachineWord.Bits(value) && !mayEnd)
        {
            Machine.Run.ThrowIfStopping();
            mayEnd = Machine.Run.WorkersMayEnd;

            // Idle for long, it sleeps: the tasks that it serves need the host's CPUs more.
            spinner.SpinOnce();
        }

        EnterCpu();
        return MachineWord.Bits(MachineWord.Load<T>(at)) != MachineWord.Bits(value);
    }

    internal void PrepareToPark() => MachineWord.Exchange(Memory.State.Address, TaskStruct.Uninterruptible);

    internal void CancelPark() => MachineWord.Store(Memory.State.Address, TaskStruct.Running);

    internal void Park()
    {
        if (!IsSleepState)
        {
            return;
        }

        LeaveCpu();
        MachineWord.Store(Memory.OnCpu.Address, 0u);
        for (int i = 0; i < SpinsBeforeSleep && IsSleepState; i++)
        {
            Thread.SpinWait(SpinsBeforeSleep);
        }

        if (IsSleepState)
        {
            Sleep();
        }

        EnterCpu();
        MachineWord.Store(Memory.OnCpu.Address, 1u);
    }

    internal bool Unpark()
    {
        bool slept = MachineWord.Exchange(Memory.State.Address, TaskStruct.Running) != TaskStruct.Running;

        // Either the sleeper sees the new state after it has raised the flag, or we see the flag: both are full
        // barriers. A wakeup too many only makes it look again.
        if (slept)
        {
            Rouse();
        }

        return slept;
    }

    /// <summary>Makes a sleeping task look again whether it may go on, or has to end.</summary>
    internal void Rouse()
    {
        if (Volatile.Read(ref _asleep))
        {
            lock (_bed)
            {
                Monitor.PulseAll(_bed);
            }
        }
    }

    /// <summary>Takes the CPU from the tasks that share it; waits for it.</summary>
    internal virtual void EnterCpu()
    {
    }

    /// <summary>Leaves the CPU to the tasks that share it.</summary>
    internal virtual void LeaveCpu()
    {
    }

    /// <summary>Says that the wait could not be ended by a few spins: other tasks of this CPU may run.</summary>
    private protected virtual void WaitIsLong()
    {
    }

    /// <summary>Ends what <see cref="WaitIsLong"/> began.</summary>
    private protected virtual void LongWaitIsOver()
    {
    }

    private bool IsSleepState => MachineWord.Load<uint>(Memory.State.Address) != TaskStruct.Running;

    private void Sleep()
    {
        Volatile.Write(ref _waitingSince, Now);
        Volatile.Write(ref _parked, true);
        Interlocked.Exchange(ref _asleep, true);
        lock (_bed)
        {
            while (IsSleepState)
            {
                Machine.Run.ThrowIfStopping();
                Monitor.Wait(_bed, SleepCheckMs);
            }
        }

        Volatile.Write(ref _asleep, false);
        Volatile.Write(ref _parked, false);
    }

    private void Spin(ref SpinWait spinner, nint at)
    {
        // Whoever would end this wait may have failed with the lock held.
        Machine.Run.ThrowIfStopping();
        if (spinner.NextSpinWillYield && _waitingAt == 0)
        {
            Volatile.Write(ref _waitingSince, Now);
            Volatile.Write(ref _waitingAt, at);
            WaitIsLong();
        }

        spinner.SpinOnce(sleep1Threshold: -1);
    }

    private void EndWait()
    {
        if (_waitingAt != 0)
        {
            Volatile.Write(ref _waitingAt, 0);
            LongWaitIsOver();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private NativeMagazine MagazineOf(SlabCache cache)
    {
        int index = cache.Index;
        return index < _magazines.Length && _magazines[index] is { } magazine ? magazine : AddMagazine(cache);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private NativeMagazine AddMagazine(SlabCache cache)
    {
        if (cache.Index >= _magazines.Length)
        {
            Array.Resize(ref _magazines, cache.Index + 1);
        }

        return _magazines[cache.Index]
            ??= Machine.SlabOf(cache).NewMagazine(this, Machine.Options.QuarantineObjects);
    }
}
