using Stress.Machine;

namespace Stress.Exploration.Coyote;

/// <summary>A CPU of a run that Coyote schedules: offers the turn before each access, then makes it.</summary>
internal readonly struct CoyoteCpu(CoyoteTask self) : ICpu
{
    /// <inheritdoc/>
    public int Id => self.Machine.Current.Spec.Cpu;

    /// <inheritdoc/>
    public int Task => self.Machine.Current.Number;

    /// <inheritdoc/>
    public int CpuCount => self.Machine.Plan.Cpus;

    /// <inheritdoc/>
    public int TaskCount => self.Machine.Plan.Tasks.Count;

    /// <inheritdoc/>
    public TaskStruct Current => self.Machine.Arena.Task(self.Machine.Current.Number);

    /// <inheritdoc/>
    public bool HasAtomicLocks => self.Machine.HasAtomicLocks;

    /// <inheritdoc/>
    public bool IsRealTime => self.Machine.Current.Spec.Priority > 0;

    /// <inheritdoc/>
    public TaskStruct TaskAt(int number) => self.Machine.Arena.Task(number);

    /// <inheritdoc/>
    public nint PerCpu(int cpu) => self.Machine.Arena.PerCpu(cpu);

    /// <inheritdoc/>
    public void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode)
        => self.Machine.LockContended(at, lockClass, subclass, mode);

    /// <inheritdoc/>
    public void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode, bool isTry = false)
    {
        self.Machine.LockTaken(new HeldLock(at, lockClass, subclass, mode), isTry);
        self.ThrowIfFailed();
    }

    /// <inheritdoc/>
    public void LockReleased(nint at) => self.Machine.LockReleased(at);

    /// <inheritdoc/>
    public void ClearPage(nint page)
    {
    }

    /// <inheritdoc/>
    public void Label<T>(T handle, string name)
        where T : struct, IHandle
        => self.Machine.Names.Label(handle.Address, T.Bytes, typeof(T), name);

    /// <inheritdoc/>
    public void Enter(string operation)
        => self.Machine.Enter(operation, 0, 0, 0);

    /// <inheritdoc/>
    public void Enter(string operation, long a)
        => self.Machine.Enter(operation, 1, a, 0);

    /// <inheritdoc/>
    public void Enter(string operation, long a, long b)
        => self.Machine.Enter(operation, 2, a, b);

    /// <inheritdoc/>
    public void Leave()
        => Leave(hasResult: false, 0);

    /// <inheritdoc/>
    public void Leave(long result)
        => Leave(hasResult: true, result);

    /// <inheritdoc/>
    public void Observe(string register, long value)
        => self.Machine.Outcomes.Observe(register, value);

    /// <inheritdoc/>
    public T Read<T>(Plain<T> cell)
        where T : unmanaged
        => MadePlain<T>(AccessOp.Read, cell.Address);

    /// <inheritdoc/>
    public void Write<T>(Plain<T> cell, T value)
        where T : unmanaged
        => self.MakePlain(AccessOp.Write, cell.Address, Atomic<T>.Bytes, Raw(value));

    /// <inheritdoc/>
    public T Read<T>(Atomic<T> cell)
        where T : unmanaged
        => MadePlain<T>(AccessOp.Read, cell.Address);

    /// <inheritdoc/>
    public void Write<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => self.MakePlain(AccessOp.Write, cell.Address, Atomic<T>.Bytes, Raw(value));

    /// <inheritdoc/>
    public T ReadOnce<T>(Atomic<T> cell)
        where T : unmanaged
        => Made<T>(AccessOp.ReadOnce, cell.Address);

    /// <inheritdoc/>
    public void WriteOnce<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => self.Make(AccessOp.WriteOnce, cell.Address, Atomic<T>.Bytes, Raw(value));

    /// <inheritdoc/>
    public T LoadAcquire<T>(Atomic<T> cell)
        where T : unmanaged
        => Made<T>(AccessOp.LoadAcquire, cell.Address);

    /// <inheritdoc/>
    public void StoreRelease<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => self.Make(AccessOp.StoreRelease, cell.Address, Atomic<T>.Bytes, Raw(value));

    /// <inheritdoc/>
    public T Dereference<T>(Atomic<T> cell)
        where T : unmanaged
        => Made<T>(AccessOp.Dereference, cell.Address);

    /// <inheritdoc/>
    public T FetchAdd<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => Made<T>(AccessOp.FetchAdd, cell.Address, Raw(addend));

    /// <inheritdoc/>
    public T FetchAddRelaxed<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => Made<T>(AccessOp.FetchAddRelaxed, cell.Address, Raw(addend));

    /// <inheritdoc/>
    public T FetchAddAcquire<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => Made<T>(AccessOp.FetchAddAcquire, cell.Address, Raw(addend));

    /// <inheritdoc/>
    public T FetchAddRelease<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => Made<T>(AccessOp.FetchAddRelease, cell.Address, Raw(addend));

    /// <inheritdoc/>
    public T FetchOr<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => Made<T>(AccessOp.FetchOr, cell.Address, Raw(bits));

    /// <inheritdoc/>
    public T FetchOrAcquire<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => Made<T>(AccessOp.FetchOrAcquire, cell.Address, Raw(bits));

    /// <inheritdoc/>
    public T FetchOrRelaxed<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => Made<T>(AccessOp.FetchOrRelaxed, cell.Address, Raw(bits));

    /// <inheritdoc/>
    public T FetchAndRelaxed<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => Made<T>(AccessOp.FetchAndRelaxed, cell.Address, Raw(bits));

    /// <inheritdoc/>
    public T Exchange<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => Made<T>(AccessOp.Exchange, cell.Address, Raw(value));

    /// <inheritdoc/>
    public T ExchangeRelaxed<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => Made<T>(AccessOp.ExchangeRelaxed, cell.Address, Raw(value));

    /// <inheritdoc/>
    public T CompareExchange<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => Made<T>(AccessOp.CompareExchange, cell.Address, Raw(expected), Raw(value));

    /// <inheritdoc/>
    public T CompareExchangeRelaxed<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => Made<T>(AccessOp.CompareExchangeRelaxed, cell.Address, Raw(expected), Raw(value));

    /// <inheritdoc/>
    public T CompareExchangeAcquire<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => Made<T>(AccessOp.CompareExchangeAcquire, cell.Address, Raw(expected), Raw(value));

    /// <inheritdoc/>
    public T CompareExchangeRelease<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => Made<T>(AccessOp.CompareExchangeRelease, cell.Address, Raw(expected), Raw(value));

    /// <inheritdoc/>
    public void FullFence()
        => self.Machine.Fence(AccessOp.FullFence);

    /// <inheritdoc/>
    public void ReadFence()
        => self.Machine.Fence(AccessOp.ReadFence);

    /// <inheritdoc/>
    public void WriteFence()
        => self.Machine.Fence(AccessOp.WriteFence);

    /// <inheritdoc/>
    public void FenceEveryCpu()
        => self.Machine.Fence(AccessOp.FenceEveryCpu);

    /// <inheritdoc/>
    public void WaitWhile<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => self.MakeWhenReady(AccessOp.WaitWhile, cell.Address, Atomic<T>.Bytes, Raw(value));

    /// <inheritdoc/>
    public void WaitForClear<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => self.MakeWhenReady(AccessOp.WaitForClear, cell.Address, Atomic<T>.Bytes, Raw(bits));

    /// <inheritdoc/>
    public T AddWhenClear<T>(Atomic<T> cell, T bits, T addend)
        where T : unmanaged
        => MadeWhenReady<T>(AccessOp.AddWhenClear, cell.Address, Raw(bits), Raw(addend));

    /// <inheritdoc/>
    public bool WaitForWork<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => self.MakeWhenReady(AccessOp.WaitForWork, cell.Address, Atomic<T>.Bytes, Raw(value)) != 0;

    /// <inheritdoc/>
    public void PrepareToPark()
        => self.Make(AccessOp.PrepareToPark, Current.State.Address, AtomicU32.Bytes);

    /// <inheritdoc/>
    public void Park()
        => self.Park();

    /// <inheritdoc/>
    public void CancelPark()
        => self.Make(AccessOp.CancelPark, Current.State.Address, AtomicU32.Bytes);

    /// <inheritdoc/>
    public bool Unpark(TaskStruct task)
        => self.Make(AccessOp.Unpark, task.State.Address, AtomicU32.Bytes) != 0;

    /// <inheritdoc/>
    public void PreemptDisable()
        => SetPreemption(isOff: true);

    /// <inheritdoc/>
    public void PreemptEnable()
        => SetPreemption(isOff: false);

    /// <inheritdoc/>
    public void IrqDisable()
        => SetInterrupts(isOff: true);

    /// <inheritdoc/>
    public void IrqEnable()
        => SetInterrupts(isOff: false);

    /// <inheritdoc/>
    public bool NeedsResched()
        => self.Machine.WantsCpu();

    /// <inheritdoc/>
    public ulong Deadline(ulong nanoseconds)
        => self.Machine.DeadlineIn(nanoseconds);

    /// <inheritdoc/>
    public bool HasPassed(ulong deadline)
        => self.Machine.IsPast(deadline);

    /// <inheritdoc/>
    public uint Choose(uint count)
        => (uint)self.Machine.Draw(count);

    /// <inheritdoc/>
    public nint Alloc(SlabCache cache)
        => self.Alloc(cache);

    /// <inheritdoc/>
    public void Free(SlabCache cache, nint at)
        => self.Free(cache, at);

    /// <inheritdoc/>
    public void BugOn(bool condition, string text)
        => Judge(condition, FindingKind.Bug, text);

    /// <inheritdoc/>
    public void WarnOn(bool condition, string text)
        => Judge(condition, FindingKind.Warning, text);

    /// <inheritdoc/>
    public void Require(bool condition, string text)
        => Judge(!condition, FindingKind.Invariant, text);

    private static ulong Raw<T>(T value)
        where T : unmanaged
        => ExploredMachine.Raw(value);

    private T Made<T>(AccessOp op, nint at, ulong a = 0, ulong b = 0)
        where T : unmanaged
        => ExploredMachine.From<T>(self.Make(op, at, Atomic<T>.Bytes, a, b));

    private T MadePlain<T>(AccessOp op, nint at)
        where T : unmanaged
        => ExploredMachine.From<T>(self.MakePlain(op, at, Atomic<T>.Bytes));

    private T MadeWhenReady<T>(AccessOp op, nint at, ulong a, ulong b)
        where T : unmanaged
        => ExploredMachine.From<T>(self.MakeWhenReady(op, at, Atomic<T>.Bytes, a, b));

    private void Leave(bool hasResult, long result)
    {
        self.Machine.Leave(hasResult, result);
        self.ThrowIfFailed();
    }

    private void SetPreemption(bool isOff)
    {
        self.Machine.ArrivePreemption(isOff);
        self.ThrowIfFailed();
    }

    private void SetInterrupts(bool isOff)
    {
        self.Machine.ArriveInterrupts(isOff);
        self.ThrowIfFailed();
    }

    private static void Judge(bool isWrong, FindingKind kind, string text)
    {
        if (isWrong)
        {
            throw new RunFailedException(kind, text);
        }
    }
}
