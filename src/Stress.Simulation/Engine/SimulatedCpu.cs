using Stress.Machine;

namespace Stress.Simulation;

/// <summary>A CPU of a <see cref="SimulatedMachine"/>: each access costs what the caches make it cost.</summary>
internal readonly struct SimulatedCpu(SimulatedMachine machine) : ICoroutineCpu
{
    /// <inheritdoc/>
    public int Id => machine.Current.Number;

    /// <inheritdoc/>
    public int Task => machine.Current.Number;

    /// <inheritdoc/>
    public int CpuCount => machine.CpuCount;

    /// <inheritdoc/>
    public int TaskCount => machine.CpuCount;

    /// <inheritdoc/>
    public TaskStruct Current => machine.Arena.Task(machine.Current.Number);

    /// <inheritdoc/>
    public bool HasAtomicLocks => false;

    /// <inheritdoc/>
    public bool IsRealTime => false;

    /// <inheritdoc/>
    public TaskStruct TaskAt(int task) => machine.Arena.Task(task);

    /// <inheritdoc/>
    public nint PerCpu(int cpu) => machine.Arena.PerCpu(cpu);

    /// <inheritdoc/>
    public void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode)
        => machine.LockContended(at, lockClass);

    /// <inheritdoc/>
    public void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode, bool isTry = false)
        => machine.LockAcquired(at, lockClass);

    /// <inheritdoc/>
    public void LockReleased(nint at) => machine.LockReleased(at);

    /// <inheritdoc/>
    public void Label<T>(T handle, string name)
        where T : struct, IHandle
        => machine.Label(handle.Address, T.Bytes, typeof(T), name);

    /// <inheritdoc/>
    public void Enter(string operation) => machine.Enter(operation);

    /// <inheritdoc/>
    public void Enter(string operation, long a) => machine.Enter(operation);

    /// <inheritdoc/>
    public void Enter(string operation, long a, long b) => machine.Enter(operation);

    /// <inheritdoc/>
    public void Leave() => machine.Leave();

    /// <inheritdoc/>
    public void Leave(long result) => machine.Leave();

    /// <inheritdoc/>
    public void Observe(string register, long value)
    {
    }

    /// <inheritdoc/>
    public void ClearPage(nint page) => machine.ClearPage();

    /// <inheritdoc/>
    public Step<T> ReadAsync<T>(Plain<T> cell)
        where T : unmanaged
        => machine.Load<T>(cell.Address);

    /// <inheritdoc/>
    public Step WriteAsync<T>(Plain<T> cell, T value)
        where T : unmanaged
        => machine.Store(cell.Address, value);

    /// <inheritdoc/>
    public Step<T> ReadAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Load<T>(cell.Address);

    /// <inheritdoc/>
    public Step WriteAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Store(cell.Address, value);

    /// <inheritdoc/>
    public Step<T> ReadOnceAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Load<T>(cell.Address);

    /// <inheritdoc/>
    public Step<T> LoadAcquireAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Load<T>(cell.Address);

    /// <inheritdoc/>
    public Step<T> DereferenceAsync<T>(Atomic<T> cell)
        where T : unmanaged
        => machine.Load<T>(cell.Address);

    /// <inheritdoc/>
    public Step WriteOnceAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Store(cell.Address, value);

    /// <inheritdoc/>
    public Step StoreReleaseAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Store(cell.Address, value);

    /// <inheritdoc/>
    public Step<T> FetchAddAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchAdd, cell.Address, SimulatedMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchAddRelaxedAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchAdd, cell.Address, SimulatedMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchAddAcquireAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchAdd, cell.Address, SimulatedMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchAddReleaseAsync<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchAdd, cell.Address, SimulatedMachine.Raw(addend));

    /// <inheritdoc/>
    public Step<T> FetchOrAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchOr, cell.Address, SimulatedMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> FetchOrAcquireAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchOr, cell.Address, SimulatedMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> FetchOrRelaxedAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchOr, cell.Address, SimulatedMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> FetchAndRelaxedAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.FetchAnd, cell.Address, SimulatedMachine.Raw(bits));

    /// <inheritdoc/>
    public Step<T> ExchangeAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.Exchange, cell.Address, SimulatedMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> ExchangeRelaxedAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Modify<T>(SimulatedOp.Exchange, cell.Address, SimulatedMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Modify<T>(
            SimulatedOp.CompareExchange, cell.Address, SimulatedMachine.Raw(expected), SimulatedMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeRelaxedAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Modify<T>(
            SimulatedOp.CompareExchange, cell.Address, SimulatedMachine.Raw(expected), SimulatedMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeAcquireAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Modify<T>(
            SimulatedOp.CompareExchange, cell.Address, SimulatedMachine.Raw(expected), SimulatedMachine.Raw(value));

    /// <inheritdoc/>
    public Step<T> CompareExchangeReleaseAsync<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => machine.Modify<T>(
            SimulatedOp.CompareExchange, cell.Address, SimulatedMachine.Raw(expected), SimulatedMachine.Raw(value));

    /// <inheritdoc/>
    public Step FullFenceAsync()
        => machine.Fence();

    /// <inheritdoc/>
    public Step ReadFenceAsync()
        => default;

    /// <inheritdoc/>
    public Step WriteFenceAsync()
        => default;

    /// <inheritdoc/>
    public Step FenceEveryCpuAsync()
        => machine.Fence();

    /// <inheritdoc/>
    public Step WaitWhileAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => new(machine.Wait<T>(SimulatedOp.WaitWhile, cell.Address, SimulatedMachine.Raw(value)));

    /// <inheritdoc/>
    public Step WaitForClearAsync<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => new(machine.Wait<T>(SimulatedOp.WaitForClear, cell.Address, SimulatedMachine.Raw(bits)));

    /// <inheritdoc/>
    public Step<T> AddWhenClearAsync<T>(Atomic<T> cell, T bits, T addend)
        where T : unmanaged
        => machine.Result<T>(
            machine.Wait<T>(
                SimulatedOp.AddWhenClear, cell.Address, SimulatedMachine.Raw(bits), SimulatedMachine.Raw(addend)));

    /// <inheritdoc/>
    public Step<bool> WaitForWorkAsync<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => machine.Result<bool>(
            machine.Wait<T>(SimulatedOp.WaitForWork, cell.Address, SimulatedMachine.Raw(value)));

    /// <inheritdoc/>
    public Step PrepareToParkAsync()
        => machine.Announce(SimulatedOp.PrepareToPark);

    /// <inheritdoc/>
    public Step ParkAsync()
        => machine.Park();

    /// <inheritdoc/>
    public Step CancelParkAsync()
        => machine.Announce(SimulatedOp.CancelPark);

    /// <inheritdoc/>
    public Step<bool> UnparkAsync(TaskStruct task)
        => machine.Modify<bool>(SimulatedOp.Unpark, task.State.Address, 0, sizeof(uint));

    /// <inheritdoc/>
    public Step PreemptDisableAsync()
        => default;

    /// <inheritdoc/>
    public Step PreemptEnableAsync()
        => default;

    /// <inheritdoc/>
    public Step IrqDisableAsync()
        => default;

    /// <inheritdoc/>
    public Step IrqEnableAsync()
        => default;

    /// <inheritdoc/>
    public Step<bool> NeedsReschedAsync()
        => new(false);

    /// <inheritdoc/>
    public Step<ulong> DeadlineAsync(ulong nanoseconds)
        => new(machine.Nanoseconds + nanoseconds);

    /// <inheritdoc/>
    public Step<bool> HasPassedAsync(ulong deadline)
        => machine.HasPassed(deadline);

    /// <inheritdoc/>
    public Step<uint> ChooseAsync(uint count)
        => new(machine.Draw(count));

    /// <inheritdoc/>
    public Step<nint> AllocAsync(SlabCache cache)
        => new(machine.Alloc(cache));

    /// <inheritdoc/>
    public Step FreeAsync(SlabCache cache, nint at)
        => machine.Free(cache, at);

    /// <inheritdoc/>
    public Step BugOnAsync(bool condition, string text)
        => SimulatedMachine.Judge(condition, FindingKind.Bug, text);

    /// <inheritdoc/>
    public Step WarnOnAsync(bool condition, string text)
        => SimulatedMachine.Judge(condition, FindingKind.Warning, text);

    /// <inheritdoc/>
    public Step RequireAsync(bool condition, string text)
        => SimulatedMachine.Judge(!condition, FindingKind.Invariant, text);
}
