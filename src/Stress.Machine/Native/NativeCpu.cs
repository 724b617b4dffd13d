using System.Runtime.CompilerServices;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The host's own hardware thread, bare: every access is the instruction that the host has for it.</summary>
/// <remarks>
/// What is only told for reports (locks, operations, labels) leaves no code. Preemption is left to the host: tasks that
/// share a CPU are not kept apart, and <see cref="PreemptDisable"/> is empty; <see cref="ObservedCpu"/> keeps them.
/// A stray address ends the process, as nothing checks it.
/// </remarks>
public readonly unsafe struct NativeCpu : ICpu, IHostCpu<NativeCpu>
{
    private readonly NativeTask _task;

    /// <summary>The CPU of a task.</summary>
    public NativeCpu(NativeTask task) => _task = task;

    /// <inheritdoc/>
    public int Id => _task.Cpu;

    /// <inheritdoc/>
    public int Task => _task.Number;

    /// <inheritdoc/>
    public int CpuCount => _task.Machine.CpuCount;

    /// <inheritdoc/>
    public int TaskCount => _task.Machine.TaskCount;

    /// <inheritdoc/>
    public TaskStruct Current => _task.Memory;

    /// <inheritdoc/>
    public bool HasAtomicLocks => false;

    /// <inheritdoc/>
    public bool IsRealTime => false;

    /// <inheritdoc/>
    public TaskStruct TaskAt(int task) => _task.Machine.TaskAt(task).Memory;

    /// <inheritdoc/>
    public nint PerCpu(int cpu) => _task.Machine.PerCpu(cpu);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(Plain<T> cell) where T : unmanaged => *(T*)cell.Address;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(Plain<T> cell, T value) where T : unmanaged => *(T*)cell.Address = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(Atomic<T> cell) where T : unmanaged => *(T*)cell.Address;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(Atomic<T> cell, T value) where T : unmanaged => *(T*)cell.Address = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ReadOnce<T>(Atomic<T> cell) where T : unmanaged => MachineWord.Load<T>(cell.Address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteOnce<T>(Atomic<T> cell, T value) where T : unmanaged => MachineWord.Store(cell.Address, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T LoadAcquire<T>(Atomic<T> cell) where T : unmanaged => MachineWord.Load<T>(cell.Address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreRelease<T>(Atomic<T> cell, T value) where T : unmanaged => MachineWord.Store(cell.Address, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Dereference<T>(Atomic<T> cell) where T : unmanaged => MachineWord.Load<T>(cell.Address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAdd<T>(Atomic<T> cell, T addend) where T : unmanaged => MachineWord.FetchAdd(cell.Address, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAddRelaxed<T>(Atomic<T> cell, T addend) where T : unmanaged
        => MachineWord.FetchAdd(cell.Address, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAddAcquire<T>(Atomic<T> cell, T addend) where T : unmanaged
        => MachineWord.FetchAdd(cell.Address, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAddRelease<T>(Atomic<T> cell, T addend) where T : unmanaged
        => MachineWord.FetchAdd(cell.Address, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchOr<T>(Atomic<T> cell, T bits) where T : unmanaged => MachineWord.FetchOr(cell.Address, bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchOrAcquire<T>(Atomic<T> cell, T bits) where T : unmanaged => MachineWord.FetchOr(cell.Address, bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchOrRelaxed<T>(Atomic<T> cell, T bits) where T : unmanaged => MachineWord.FetchOr(cell.Address, bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAndRelaxed<T>(Atomic<T> cell, T bits) where T : unmanaged
        => MachineWord.FetchAnd(cell.Address, bits);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Exchange<T>(Atomic<T> cell, T value) where T : unmanaged => MachineWord.Exchange(cell.Address, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ExchangeRelaxed<T>(Atomic<T> cell, T value) where T : unmanaged
        => MachineWord.Exchange(cell.Address, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchange<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
        => MachineWord.CompareExchange(cell.Address, expected, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchangeRelaxed<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
        => MachineWord.CompareExchange(cell.Address, expected, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchangeAcquire<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
        => MachineWord.CompareExchange(cell.Address, expected, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchangeRelease<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
        => MachineWord.CompareExchange(cell.Address, expected, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FullFence() => Interlocked.MemoryBarrier();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadFence() => Volatile.ReadBarrier();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFence() => Volatile.WriteBarrier();

    /// <inheritdoc/>
    public void FenceEveryCpu() => Interlocked.MemoryBarrierProcessWide();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WaitWhile<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        if (MachineWord.Bits(MachineWord.Load<T>(cell.Address)) == MachineWord.Bits(value))
        {
            _task.WaitWhile(cell.Address, value);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WaitForClear<T>(Atomic<T> cell, T bits) where T : unmanaged
    {
        if ((MachineWord.Bits(MachineWord.Load<T>(cell.Address)) & MachineWord.Bits(bits)) != 0)
        {
            _task.WaitForClear(cell.Address, bits);
        }
    }

    /// <inheritdoc/>
    public T AddWhenClear<T>(Atomic<T> cell, T bits, T addend) where T : unmanaged
    {
        while (true)
        {
            WaitForClear(cell, bits);
            T before = MachineWord.Load<T>(cell.Address);
            if ((MachineWord.Bits(before) & MachineWord.Bits(bits)) != 0)
            {
                continue;
            }

            T after = MachineWord.FromBits<T>(unchecked(MachineWord.Bits(before) + MachineWord.Bits(addend)));
            T seen = MachineWord.CompareExchange(cell.Address, before, after);
            if (MachineWord.Bits(seen) == MachineWord.Bits(before))
            {
                return before;
            }
        }
    }

    /// <inheritdoc/>
    public bool WaitForWork<T>(Atomic<T> cell, T value) where T : unmanaged => _task.WaitForWork(cell.Address, value);

    /// <inheritdoc/>
    public void PrepareToPark() => _task.PrepareToPark();

    /// <inheritdoc/>
    public void Park() => _task.Park();

    /// <inheritdoc/>
    public void CancelPark() => _task.CancelPark();

    /// <inheritdoc/>
    public bool Unpark(TaskStruct task) => _task.Machine.TaskAt(task).Unpark();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PreemptDisable()
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PreemptEnable()
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void IrqDisable()
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void IrqEnable()
    {
    }

    /// <inheritdoc/>
    public bool NeedsResched() => _task.NeedsResched();

    /// <inheritdoc/>
    public ulong Deadline(ulong nanoseconds) => (ulong)NativeTask.Now + nanoseconds;

    /// <inheritdoc/>
    public bool HasPassed(ulong deadline) => (ulong)NativeTask.Now >= deadline;

    /// <inheritdoc/>
    public uint Choose(uint count) => _task.Choose(count);

    /// <inheritdoc/>
    public nint Alloc(SlabCache cache) => _task.Alloc(cache);

    /// <inheritdoc/>
    public void Free(SlabCache cache, nint at) => _task.Free(cache, at);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BugOn(bool condition, string text)
    {
        if (condition)
        {
            _task.Fail(FindingKind.Bug, text);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WarnOn(bool condition, string text)
    {
        if (condition)
        {
            _task.Fail(FindingKind.Warning, text);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Require(bool condition, string text)
    {
        if (!condition)
        {
            _task.Fail(FindingKind.Invariant, text);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode, bool isTry = false)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LockReleased(nint at)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(string operation)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(string operation, long a)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(string operation, long a, long b)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave()
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave(long result)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Observe(string register, long value)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ClearPage(nint page) => NativePages.Clear(page);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Label<T>(T handle, string name) where T : struct, IHandle
    {
    }

    static NativeCpu IHostCpu<NativeCpu>.Of(NativeTask task) => new(task);
}
