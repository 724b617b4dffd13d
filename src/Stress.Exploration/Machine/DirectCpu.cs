using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>The CPU of an explored machine while nobody else runs: makes each access at once.</summary>
/// <param name="machine">Whose memory it works on.</param>
/// <param name="isObserver">Whether it only looks, in the middle of a run: nothing is recorded as the task's own.</param>
/// <remarks>Checks lifetimes as the machine does. A wait that nobody can end, and every finding, throws
/// <see cref="RunFailedException"/>.</remarks>
internal readonly struct DirectCpu(ExploredMachine machine, bool isObserver = false) : ICpu
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
        => machine.LockAcquired(at, lockClass, subclass, mode);

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
    public void Enter(string operation)
    {
    }

    /// <inheritdoc/>
    public void Enter(string operation, long a)
    {
    }

    /// <inheritdoc/>
    public void Enter(string operation, long a, long b)
    {
    }

    /// <inheritdoc/>
    public void Leave()
    {
    }

    /// <inheritdoc/>
    public void Leave(long result)
    {
    }

    /// <inheritdoc/>
    public void Observe(string register, long value)
    {
        if (!isObserver)
        {
            machine.Outcomes.Observe(register, value);
        }
    }

    /// <inheritdoc/>
    public T Read<T>(Plain<T> cell)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.Read, cell.Address, Atomic<T>.Bytes));

    /// <inheritdoc/>
    public void Write<T>(Plain<T> cell, T value)
        where T : unmanaged
        => Made(AccessOp.Write, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public T Read<T>(Atomic<T> cell)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.Read, cell.Address, Atomic<T>.Bytes));

    /// <inheritdoc/>
    public void Write<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => Made(AccessOp.Write, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public T ReadOnce<T>(Atomic<T> cell)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.ReadOnce, cell.Address, Atomic<T>.Bytes));

    /// <inheritdoc/>
    public void WriteOnce<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => Made(AccessOp.WriteOnce, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public T LoadAcquire<T>(Atomic<T> cell)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.LoadAcquire, cell.Address, Atomic<T>.Bytes));

    /// <inheritdoc/>
    public void StoreRelease<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => Made(AccessOp.StoreRelease, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value));

    /// <inheritdoc/>
    public T Dereference<T>(Atomic<T> cell)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.Dereference, cell.Address, Atomic<T>.Bytes));

    /// <inheritdoc/>
    public T FetchAdd<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchAdd, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(addend)));

    /// <inheritdoc/>
    public T FetchAddRelaxed<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchAddRelaxed, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(addend)));

    /// <inheritdoc/>
    public T FetchAddAcquire<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchAddAcquire, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(addend)));

    /// <inheritdoc/>
    public T FetchAddRelease<T>(Atomic<T> cell, T addend)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchAddRelease, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(addend)));

    /// <inheritdoc/>
    public T FetchOr<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchOr, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits)));

    /// <inheritdoc/>
    public T FetchOrAcquire<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchOrAcquire, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits)));

    /// <inheritdoc/>
    public T FetchOrRelaxed<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchOrRelaxed, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits)));

    /// <inheritdoc/>
    public T FetchAndRelaxed<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.FetchAndRelaxed, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits)));

    /// <inheritdoc/>
    public T Exchange<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.Exchange, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value)));

    /// <inheritdoc/>
    public T ExchangeRelaxed<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.ExchangeRelaxed, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value)));

    /// <inheritdoc/>
    public T CompareExchange<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.CompareExchange, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(expected), ExploredMachine.Raw(value)));

    /// <inheritdoc/>
    public T CompareExchangeRelaxed<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.CompareExchangeRelaxed, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(expected), ExploredMachine.Raw(value)));

    /// <inheritdoc/>
    public T CompareExchangeAcquire<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.CompareExchangeAcquire, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(expected), ExploredMachine.Raw(value)));

    /// <inheritdoc/>
    public T CompareExchangeRelease<T>(Atomic<T> cell, T expected, T value)
        where T : unmanaged
        => ExploredMachine.From<T>(Made(AccessOp.CompareExchangeRelease, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(expected), ExploredMachine.Raw(value)));

    /// <inheritdoc/>
    public void FullFence()
    {
    }

    /// <inheritdoc/>
    public void ReadFence()
    {
    }

    /// <inheritdoc/>
    public void WriteFence()
    {
    }

    /// <inheritdoc/>
    public void FenceEveryCpu()
    {
    }

    /// <inheritdoc/>
    public void WaitWhile<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => Waited(AccessOp.WaitWhile, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(value), 0);

    /// <inheritdoc/>
    public void WaitForClear<T>(Atomic<T> cell, T bits)
        where T : unmanaged
        => Waited(AccessOp.WaitForClear, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits), 0);

    /// <inheritdoc/>
    public T AddWhenClear<T>(Atomic<T> cell, T bits, T addend)
        where T : unmanaged
        => ExploredMachine.From<T>(Waited(AccessOp.AddWhenClear, cell.Address, Atomic<T>.Bytes, ExploredMachine.Raw(bits), ExploredMachine.Raw(addend)));

    /// <inheritdoc/>
    public bool WaitForWork<T>(Atomic<T> cell, T value)
        where T : unmanaged
        => EqualityComparer<T>.Default.Equals(ReadOnce(cell), value) is false;

    /// <inheritdoc/>
    public void PrepareToPark()
        => Made(AccessOp.PrepareToPark, Current.State.Address, AtomicU32.Bytes);

    /// <inheritdoc/>
    public void Park()
        => Waited(AccessOp.Park, Current.State.Address, AtomicU32.Bytes, 0, 0);

    /// <inheritdoc/>
    public void CancelPark()
        => Made(AccessOp.CancelPark, Current.State.Address, AtomicU32.Bytes);

    /// <inheritdoc/>
    public bool Unpark(TaskStruct task)
        => Made(AccessOp.Unpark, task.State.Address, AtomicU32.Bytes) != 0;

    /// <inheritdoc/>
    public void PreemptDisable()
    {
    }

    /// <inheritdoc/>
    public void PreemptEnable()
    {
    }

    /// <inheritdoc/>
    public void IrqDisable()
    {
    }

    /// <inheritdoc/>
    public void IrqEnable()
    {
    }

    /// <inheritdoc/>
    public bool NeedsResched()
        => false;

    /// <inheritdoc/>
    public ulong Deadline(ulong nanoseconds)
        => machine.DeadlineIn(nanoseconds);

    /// <inheritdoc/>
    public bool HasPassed(ulong deadline)
        => false;

    /// <inheritdoc/>
    public uint Choose(uint count)
        => (uint)machine.Draw(count);

    /// <inheritdoc/>
    public nint Alloc(SlabCache cache)
        => machine.PerformAlloc(cache);

    /// <inheritdoc/>
    public void Free(SlabCache cache, nint at)
        => FreeNow(cache, at);

    /// <inheritdoc/>
    public void BugOn(bool condition, string text)
        => Judge(condition, FindingKind.Bug, text);

    /// <inheritdoc/>
    public void WarnOn(bool condition, string text)
        => Judge(condition, FindingKind.Warning, text);

    /// <inheritdoc/>
    public void Require(bool condition, string text)
        => Judge(!condition, FindingKind.Invariant, text);

    private ulong Made(AccessOp op, nint at, int size, ulong a = 0, ulong b = 0)
    {
        ulong result = isObserver ? machine.Observe(at, size) : machine.Perform(op, at, size, a, b);
        ThrowIfFailed();
        return result;
    }

    private ulong Waited(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        machine.WaitAlone(op, at, size, a, b);
        ThrowIfFailed();
        return Made(op, at, size, a, b);
    }

    private void FreeNow(SlabCache cache, nint at)
    {
        machine.PerformFree(cache, at);
        ThrowIfFailed();
    }

    private static void Judge(bool isWrong, FindingKind kind, string text)
    {
        if (isWrong)
        {
            throw new RunFailedException(kind, text);
        }
    }

    private void ThrowIfFailed()
    {
        if (machine.Finding is { } finding)
        {
            throw new RunFailedException(finding.Kind, finding.Text);
        }
    }
}
