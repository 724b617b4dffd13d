namespace Stress.Machine;

/// <summary>One hardware thread as model code sees it: the only way to touch shared memory.</summary>
/// <remarks>
/// Implement as a <c>readonly struct</c> no wider than a pointer and constrain callers with
/// <c>where TCpu : struct, ICpu</c>: the JIT then compiles one body per machine, with no virtual calls.
/// A machine may order more than it is asked to, never less. Each method has a twin in <see cref="ICoroutineCpu"/>.
/// A failed run ends the calling task by an exception of the machine's own, which model code must not catch.
/// </remarks>
public interface ICpu : ICpuContext
{
    /// <summary>Plain read of a cell that no other CPU may be writing.</summary>
    T Read<T>(Plain<T> cell) where T : unmanaged;

    /// <summary>Plain write of a cell that no other CPU may be touching.</summary>
    void Write<T>(Plain<T> cell, T value) where T : unmanaged;

    /// <summary>Plain read, where the kernel reads a shared word plainly.</summary>
    T Read<T>(Atomic<T> cell) where T : unmanaged;

    /// <summary>Plain write, where the kernel writes a shared word plainly: before it is published, or under a lock.
    /// </summary>
    void Write<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>Reads, atomically but in no order with other accesses (<c>READ_ONCE</c>).</summary>
    T ReadOnce<T>(Atomic<T> cell) where T : unmanaged;

    /// <summary>Writes, atomically but in no order with other accesses (<c>WRITE_ONCE</c>).</summary>
    void WriteOnce<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>Reads; no later access takes effect before it (<c>smp_load_acquire</c>).</summary>
    T LoadAcquire<T>(Atomic<T> cell) where T : unmanaged;

    /// <summary>Writes; every earlier access takes effect before it (<c>smp_store_release</c>,
    /// <c>rcu_assign_pointer</c>).</summary>
    void StoreRelease<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>Reads a pointer; accesses through it take effect after it (<c>rcu_dereference</c>).</summary>
    T Dereference<T>(Atomic<T> cell) where T : unmanaged;

    /// <summary>Adds modulo the width and returns the value before; fully ordered (<c>atomic_fetch_add</c>).</summary>
    T FetchAdd<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <summary>As <see cref="FetchAdd{T}"/>, in no order with other accesses.</summary>
    T FetchAddRelaxed<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <summary>As <see cref="FetchAdd{T}"/>; no later access takes effect before it.</summary>
    T FetchAddAcquire<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <summary>As <see cref="FetchAdd{T}"/>; every earlier access takes effect before it.</summary>
    T FetchAddRelease<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <summary>Sets bits and returns the value before; fully ordered (<c>atomic_fetch_or</c>).</summary>
    T FetchOr<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <summary>As <see cref="FetchOr{T}"/>; no later access takes effect before it.</summary>
    T FetchOrAcquire<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <summary>As <see cref="FetchOr{T}"/>, in no order with other accesses.</summary>
    T FetchOrRelaxed<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <summary>Keeps only the given bits and returns the value before; in no order with other accesses.</summary>
    T FetchAndRelaxed<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <summary>Writes and returns the value before; fully ordered (<c>xchg</c>).</summary>
    T Exchange<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>As <see cref="Exchange{T}"/>, in no order with other accesses.</summary>
    T ExchangeRelaxed<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>Writes <paramref name="value"/> if the cell holds <paramref name="expected"/>; fully ordered if so.
    /// </summary>
    /// <returns>The value before: equal to <paramref name="expected"/> when it was written.</returns>
    T CompareExchange<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <summary>As <see cref="CompareExchange{T}"/>, in no order with other accesses.</summary>
    T CompareExchangeRelaxed<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <summary>As <see cref="CompareExchange{T}"/>; when it writes, no later access takes effect before it.</summary>
    T CompareExchangeAcquire<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <summary>As <see cref="CompareExchange{T}"/>; when it writes, every earlier access takes effect before it.
    /// </summary>
    T CompareExchangeRelease<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <summary>Orders every earlier access before every later one (<c>smp_mb</c>).</summary>
    void FullFence();

    /// <summary>Orders every earlier read before every later one (<c>smp_rmb</c>).</summary>
    void ReadFence();

    /// <summary>Orders every earlier write before every later one (<c>smp_wmb</c>).</summary>
    void WriteFence();

    /// <summary>A full fence on every CPU of the machine (<c>membarrier</c>): pairs with program order elsewhere.
    /// </summary>
    void FenceEveryCpu();

    /// <summary>Waits while the cell holds <paramref name="value"/>; orders nothing. Another CPU must end it.</summary>
    /// <remarks>Native: spins, then yields. Explored: the task cannot be chosen until the cell holds something else.
    /// </remarks>
    void WaitWhile<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>Waits while any of the given bits is set; orders nothing. Another CPU must end it.</summary>
    void WaitForClear<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <summary>In one access: waits until none of the given bits is set, and adds; an acquire.</summary>
    /// <returns>The value before.</returns>
    /// <remarks>What a lock does where <see cref="ICpuContext.HasAtomicLocks"/> holds.</remarks>
    T AddWhenClear<T>(Atomic<T> cell, T bits, T addend) where T : unmanaged;

    /// <summary>An idle worker's wait: while the cell holds <paramref name="value"/>, and other tasks have not ended.
    /// </summary>
    /// <returns>True when the cell holds something else; false when there is nothing left to wait for.</returns>
    bool WaitForWork<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <summary>Says that the task is about to sleep (<c>set_current_state(TASK_UNINTERRUPTIBLE)</c>): a full barrier
    /// between the note and the condition that it tests next.</summary>
    void PrepareToPark();

    /// <summary>Sleeps, unless a waker came since <see cref="PrepareToPark"/> (<c>schedule</c>).</summary>
    void Park();

    /// <summary>Takes the note back without sleeping (<c>__set_current_state(TASK_RUNNING)</c>).</summary>
    void CancelPark();

    /// <summary>Makes a task runnable; a full barrier (<c>wake_up_process</c>).</summary>
    /// <returns>Whether it slept or was about to.</returns>
    bool Unpark(TaskStruct task);

    /// <summary>Keeps other tasks off this CPU until the matching <see cref="PreemptEnable"/>; nests.</summary>
    void PreemptDisable();

    /// <summary>Ends what <see cref="PreemptDisable"/> began.</summary>
    void PreemptEnable();

    /// <summary>Keeps interrupts, and so every other task, off this CPU (<c>local_irq_save</c>); nests.</summary>
    void IrqDisable();

    /// <summary>Ends what <see cref="IrqDisable"/> began.</summary>
    void IrqEnable();

    /// <summary>Whether another task wants this CPU (<c>need_resched</c>). Explored: a recorded choice.</summary>
    bool NeedsResched();

    /// <summary>A time that lies ahead, on the machine's clock.</summary>
    /// <param name="nanoseconds">How far ahead.</param>
    ulong Deadline(ulong nanoseconds);

    /// <summary>Whether a deadline has passed. Explored: a recorded choice, and true for ever once it was true.</summary>
    bool HasPassed(ulong deadline);

    /// <summary>Draws one of 0 to <paramref name="count"/> less one. Native: from the task's seeded generator.
    /// Explored: a recorded choice.</summary>
    /// <param name="count">At least 1.</param>
    uint Choose(uint count);

    /// <summary>Takes an object from a cache (<c>kmem_cache_alloc</c>).</summary>
    /// <returns>Its address; 0 when the allocation failed.</returns>
    nint Alloc(SlabCache cache);

    /// <summary>Gives an object back (<c>kmem_cache_free</c>).</summary>
    void Free(SlabCache cache, nint at);

    /// <summary>Ends the run as failed when the condition holds (<c>BUG_ON</c>, <c>VM_BUG_ON</c>).</summary>
    /// <param name="condition">Computed from values already read.</param>
    /// <param name="text">A constant: the condition in the kernel's words; it is what a report shows.</param>
    void BugOn(bool condition, string text);

    /// <summary>As <see cref="BugOn"/>, reported as a warning (<c>WARN_ON</c>).</summary>
    void WarnOn(bool condition, string text);

    /// <summary>Ends the run as failed when an invariant of the scenario does not hold.</summary>
    /// <param name="condition">What must be true.</param>
    /// <param name="text">A constant that names the invariant.</param>
    void Require(bool condition, string text);
}
