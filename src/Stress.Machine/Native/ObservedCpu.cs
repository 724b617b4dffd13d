using System.Runtime.CompilerServices;

namespace Stress.Machine.Native;

/// <summary>The host's hardware thread, watched: <see cref="NativeCpu"/> with a point before each access.</summary>
/// <remarks>
/// At a point the address is checked (freed objects and stray addresses are findings), the task may be delayed
/// (<see cref="NativeMachineOptions.Perturb"/>), and tasks that share a CPU hand it over. Locks are counted and timed.
/// </remarks>
public readonly struct ObservedCpu : ICpu, IHostCpu<ObservedCpu>
{
    private readonly ObservedTask _task;

    /// <summary>The CPU of a task.</summary>
    public ObservedCpu(ObservedTask task) => _task = task;

    private NativeCpu Bare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_task);
    }

    /// <inheritdoc/>
    public int Id => Bare.Id;

    /// <inheritdoc/>
    public int Task => Bare.Task;

    /// <inheritdoc/>
    public int CpuCount => Bare.CpuCount;

    /// <inheritdoc/>
    public int TaskCount => Bare.TaskCount;

    /// <inheritdoc/>
    public TaskStruct Current => Bare.Current;

    /// <inheritdoc/>
    public bool HasAtomicLocks => Bare.HasAtomicLocks;

    /// <inheritdoc/>
    public bool IsRealTime => Bare.IsRealTime;

    /// <inheritdoc/>
    public TaskStruct TaskAt(int task) => Bare.TaskAt(task);

    /// <inheritdoc/>
    public nint PerCpu(int cpu) => Bare.PerCpu(cpu);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(Plain<T> cell) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.Read(cell);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(Plain<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        Bare.Write(cell, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(Atomic<T> cell) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.Read(cell);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        Bare.Write(cell, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ReadOnce<T>(Atomic<T> cell) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.ReadOnce(cell);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteOnce<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        Bare.WriteOnce(cell, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T LoadAcquire<T>(Atomic<T> cell) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.LoadAcquire(cell);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreRelease<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        Bare.StoreRelease(cell, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Dereference<T>(Atomic<T> cell) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.Dereference(cell);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAdd<T>(Atomic<T> cell, T addend) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchAdd(cell, addend);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAddRelaxed<T>(Atomic<T> cell, T addend) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchAddRelaxed(cell, addend);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAddAcquire<T>(Atomic<T> cell, T addend) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchAddAcquire(cell, addend);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAddRelease<T>(Atomic<T> cell, T addend) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchAddRelease(cell, addend);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchOr<T>(Atomic<T> cell, T bits) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchOr(cell, bits);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchOrAcquire<T>(Atomic<T> cell, T bits) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchOrAcquire(cell, bits);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchOrRelaxed<T>(Atomic<T> cell, T bits) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchOrRelaxed(cell, bits);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T FetchAndRelaxed<T>(Atomic<T> cell, T bits) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.FetchAndRelaxed(cell, bits);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Exchange<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.Exchange(cell, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ExchangeRelaxed<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.ExchangeRelaxed(cell, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchange<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.CompareExchange(cell, expected, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchangeRelaxed<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.CompareExchangeRelaxed(cell, expected, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchangeAcquire<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.CompareExchangeAcquire(cell, expected, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T CompareExchangeRelease<T>(Atomic<T> cell, T expected, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.CompareExchangeRelease(cell, expected, value);
    }

    /// <inheritdoc/>
    public void WaitWhile<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        Bare.WaitWhile(cell, value);
    }

    /// <inheritdoc/>
    public void WaitForClear<T>(Atomic<T> cell, T bits) where T : unmanaged
    {
        _task.Point(cell.Address);
        Bare.WaitForClear(cell, bits);
    }

    /// <inheritdoc/>
    public T AddWhenClear<T>(Atomic<T> cell, T bits, T addend) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.AddWhenClear(cell, bits, addend);
    }

    /// <inheritdoc/>
    public bool WaitForWork<T>(Atomic<T> cell, T value) where T : unmanaged
    {
        _task.Point(cell.Address);
        return Bare.WaitForWork(cell, value);
    }

    /// <inheritdoc/>
    public void FullFence() => Bare.FullFence();

    /// <inheritdoc/>
    public void ReadFence() => Bare.ReadFence();

    /// <inheritdoc/>
    public void WriteFence() => Bare.WriteFence();

    /// <inheritdoc/>
    public void FenceEveryCpu() => Bare.FenceEveryCpu();

    /// <inheritdoc/>
    public void CancelPark() => Bare.CancelPark();

    /// <inheritdoc/>
    public void PrepareToPark()
    {
        _task.Point();
        Bare.PrepareToPark();
    }

    /// <inheritdoc/>
    public void Park()
    {
        _task.Point();
        Bare.Park();
    }

    /// <inheritdoc/>
    public bool Unpark(TaskStruct task)
    {
        _task.Point();
        return Bare.Unpark(task);
    }

    /// <inheritdoc/>
    public void PreemptDisable() => _task.PreemptDisable();

    /// <inheritdoc/>
    public void PreemptEnable() => _task.PreemptEnable();

    /// <inheritdoc/>
    public void IrqDisable() => _task.IrqDisable();

    /// <inheritdoc/>
    public void IrqEnable() => _task.IrqEnable();

    /// <inheritdoc/>
    public bool NeedsResched() => Bare.NeedsResched();

    /// <inheritdoc/>
    public ulong Deadline(ulong nanoseconds) => Bare.Deadline(nanoseconds);

    /// <inheritdoc/>
    public bool HasPassed(ulong deadline) => Bare.HasPassed(deadline);

    /// <inheritdoc/>
    public uint Choose(uint count) => Bare.Choose(count);

    /// <inheritdoc/>
    public nint Alloc(SlabCache cache)
    {
        _task.Point();
        return Bare.Alloc(cache);
    }

    /// <inheritdoc/>
    public void Free(SlabCache cache, nint at)
    {
        _task.Point();
        Bare.Free(cache, at);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BugOn(bool condition, string text) => Bare.BugOn(condition, text);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WarnOn(bool condition, string text) => Bare.WarnOn(condition, text);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Require(bool condition, string text) => Bare.Require(condition, text);

    /// <inheritdoc/>
    public void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode)
        => _task.Locks.Contended(at, lockClass);

    /// <inheritdoc/>
    public void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode, bool isTry = false)
        => _task.LockAcquired(new HeldLock(at, lockClass, subclass, mode), isTry);

    /// <inheritdoc/>
    public void LockReleased(nint at) => _task.Locks.Released(at);

    /// <inheritdoc/>
    public void Enter(string operation) => _task.Enter(operation, 0, 0, 0);

    /// <inheritdoc/>
    public void Enter(string operation, long a) => _task.Enter(operation, 1, a, 0);

    /// <inheritdoc/>
    public void Enter(string operation, long a, long b) => _task.Enter(operation, 2, a, b);

    /// <inheritdoc/>
    public void Leave() => _task.Leave(hasResult: false, 0);

    /// <inheritdoc/>
    public void Leave(long result) => _task.Leave(hasResult: true, result);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Observe(string register, long value)
    {
    }

    /// <inheritdoc/>
    public void ClearPage(nint page) => NativePages.Clear(page);

    /// <inheritdoc/>
    public void Label<T>(T handle, string name) where T : struct, IHandle
        => _task.Machine.Label(handle, T.Bytes, name);

    static ObservedCpu IHostCpu<ObservedCpu>.Of(NativeTask task) => new((ObservedTask)task);
}
