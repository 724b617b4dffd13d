using Stress.Machine;

namespace Stress.Exploration;

/// <summary>A CPU of an <see cref="ExploredMachine"/>: announces each access and lets the machine make it.</summary>
internal readonly struct ExploredCpu(ExploredMachine machine) : ICoroutineCpu
{
    /// <inheritdoc/>
    public int Id => machine.Current.Spec.Cpu;

    /// <inheritdoc/>
    public int Task => machine.Current.Number;

    /// <inheritdoc/>
    public int CpuCount => machine.Plan.Cpus;

    /// <inheritdoc/>
    public int TaskCount => machine.Plan.Tasks.Count;

    /// <inheritdoc/>
    public TaskStruct Current => machine.Arena.Task(machine.Current.Number);

    /// <inheritdoc/>
    public bool HasAtomicLocks => machine.HasAtomicLocks;

    /// <inheritdoc/>
    public bool IsRealTime => machine.Current.Spec.Priority > 0;

    /// <inheritdoc/>
    public TaskStruct TaskAt(int task) => machine.Arena.Task(task);

    /// <inheritdoc/>
    public nint PerCpu(int cpu) => machine.Arena.PerCpu(cpu);

    /// <inheritdoc/>
    public void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode)
        => machine.LockContended(at, lockClass, subclass, mode);

    /// <inheritdoc/>
    public void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode, bool isTry = false)
        => machine.LockTaken(new HeldLock(at, lockClass, subclass, mode), isTry);

    /// <inheritdoc/>
    public void LockReleased(nint at) => machine.LockReleased(at);

    /// <inheritdoc/>
    public void ClearPage(nint page)
    {
    }

    /// <inheritdoc/>
    public void Label<T>(T handle, string name)
        where T : struct, IHandle
        => machine.Names.Label(handle.Address, T.Bytes, typeof(T), name);

    /// <inheritdoc/>
    public void Enter(string operation) => machine.Enter(operation, 0, 0, 0);

    /// <inheritdoc/>
    public void Enter(string operation, long a) => machine.Enter(operation, 1, a, 0);

    /// <inheritdoc/>
    public void Enter(string operation, long a, long b) => machine.Enter(operation, 2, a, b);

    /// <inheritdoc/>
    public void Leave() => machine.Leave(hasResult: false, 0);

    /// <inheritdoc/>
    public void Leave(long result) => machine.Leave(hasResult: true, result);

    /// <inheritdoc/>
    public void Observe(string register, long value) => machine.Outcomes.Observe(register, value);

    /// <inheritdoc/>
    public Step<T> ReadAsync<T>(Plain<T> cell)
        where T : unmanaged
        => machine.ArrivePlainRead<T>(cell.Address);

    /// <inheritdoc/>
    public Step WriteAsync<T>(Plain<T> cell, T value)
        where T : unmanaged
        => machine.ArrivePlainWrite(cell.Address, value);

    /// <inheritdoc/>
    public Step<T> ReadAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.ArrivePlainRead<T>(cell.Address);

    /// <inheritdoc/>
    public Step WriteAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.ArrivePlainWrite(cell.Address, value);

    /// <inheritdoc/>
    public Step<T> ReadOnceAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.ReadOnce, cell.Address);

    /// <inheritdoc/>
    public Step WriteOnceAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.ArriveVoid(AccessOp.WriteOnce, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> LoadAcquireAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.LoadAcquire, cell.Address);

    /// <inheritdoc/>
    public Step StoreReleaseAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.ArriveVoid(AccessOp.StoreRelease, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> DereferenceAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.Dereference, cell.Address);

    /// <inheritdoc/>
    public Step<T> FetchAddAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchAdd, cell.Address, ExploredMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchAddRelaxedAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchAddRelaxed, cell.Address, ExploredMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchAddAcquireAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchAddAcquire, cell.Address, ExploredMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchAddReleaseAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchAddRelease, cell.Address, ExploredMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchOrAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchOr, cell.Address, ExploredMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> FetchOrAcquireAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchOrAcquire, cell.Address, ExploredMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> FetchOrRelaxedAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchOrRelaxed, cell.Address, ExploredMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> FetchAndRelaxedAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.FetchAndRelaxed, cell.Address, ExploredMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> ExchangeAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.Exchange, cell.Address, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> ExchangeRelaxedAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.ExchangeRelaxed, cell.Address, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.CompareExchange, cell.Address, ExploredMachine.Raw(expected), ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeRelaxedAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.CompareExchangeRelaxed, cell.Address, ExploredMachine.Raw(expected), ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeAcquireAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.CompareExchangeAcquire, cell.Address, ExploredMachine.Raw(expected), ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeReleaseAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Arrive<T>(AccessOp.CompareExchangeRelease, cell.Address, ExploredMachine.Raw(expected), ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step FullFenceAsync()
        => machine.Fence(AccessOp.FullFence);

    /// <inheritdoc/>
    public Step ReadFenceAsync()
        => machine.Fence(AccessOp.ReadFence);

    /// <inheritdoc/>
    public Step WriteFenceAsync()
        => machine.Fence(AccessOp.WriteFence);

    /// <inheritdoc/>
    public Step FenceEveryCpuAsync()
        => machine.Fence(AccessOp.FenceEveryCpu);

    /// <inheritdoc/>
    public Step WaitWhileAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => new(machine.ArriveWait(AccessOp.WaitWhile, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value), 0));

    /// <inheritdoc/>
    public Step WaitForClearAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => new(machine.ArriveWait(AccessOp.WaitForClear, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits), 0));

    /// <inheritdoc/>
    public Step<T> AddWhenClearAsync<T>(Atomic<T> cell, T bits, T addend)
        where T : unmanaged
        => machine.ArriveWait<T>(AccessOp.AddWhenClear, cell.Address, ExploredMachine.Raw(bits), ExploredMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<bool> WaitForWorkAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.ArriveWaitForWork(cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public Step PrepareToParkAsync()
        => machine.ArriveVoid(AccessOp.PrepareToPark, Current.State.Address, AtomicU32.Bytes);

    /// <inheritdoc/>
    public Step ParkAsync()
        => machine.ArrivePark();

    /// <inheritdoc/>
    public Step CancelParkAsync()
        => machine.ArriveVoid(AccessOp.CancelPark, Current.State.Address, AtomicU32.Bytes);

    /// <inheritdoc/>
    public Step<bool> UnparkAsync(TaskStruct task)
        => machine.ArriveUnpark(task);

    /// <inheritdoc/>
    public Step PreemptDisableAsync()
        => machine.ArrivePreemption(isOff: true);

    /// <inheritdoc/>
    public Step PreemptEnableAsync()
        => machine.ArrivePreemption(isOff: false);

    /// <inheritdoc/>
    public Step IrqDisableAsync()
        => machine.ArriveInterrupts(isOff: true);

    /// <inheritdoc/>
    public Step IrqEnableAsync()
        => machine.ArriveInterrupts(isOff: false);

    /// <inheritdoc/>
    public Step<bool> NeedsReschedAsync()
        => machine.ArriveDraw<bool>(AccessOp.NeedsResched, 0);

    /// <inheritdoc/>
    public Step<ulong> DeadlineAsync(ulong nanoseconds)
        => new(machine.DeadlineIn(nanoseconds));

    /// <inheritdoc/>
    public Step<bool> HasPassedAsync(ulong deadline)
        => machine.ArriveDraw<bool>(AccessOp.HasPassed, deadline);

    /// <inheritdoc/>
    public Step<uint> ChooseAsync(uint count)
        => machine.ArriveDraw<uint>(AccessOp.Choose, count);

    /// <inheritdoc/>
    public Step<nint> AllocAsync(SlabCache cache)
        => machine.ArriveAlloc(cache);

    /// <inheritdoc/>
    public Step FreeAsync(SlabCache cache, nint at)
        => machine.ArriveFree(cache, at);

    /// <inheritdoc/>
    public Step BugOnAsync(bool condition, string text)
        => machine.Judge(condition, FindingKind.Bug, text);

    /// <inheritdoc/>
    public Step WarnOnAsync(bool condition, string text)
        => machine.Judge(condition, FindingKind.Warning, text);

    /// <inheritdoc/>
    public Step RequireAsync(bool condition, string text)
        => machine.Judge(!condition, FindingKind.Invariant, text);
}
