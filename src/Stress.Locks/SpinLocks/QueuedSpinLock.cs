using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Fair spin lock in four bytes: <c>struct qspinlock</c>, behind <c>spin_lock</c> and its kin.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          bits    meaning                     written by
///      0      4  Value
///      0      1  LockedByte     0-7     1: held                     the new holder; the holder, to release
///      1      1  PendingByte    8-15    1: somebody is next         whoever becomes the pending one
///      0      2  LockedPending  0-15    the two above in one store  the pending one, when it takes over
///      2      2  Tail           16-31   last of the queue           whoever queues
/// </code>
/// Tail: nesting level in the low two bits, CPU + 1 above; 0 when nobody queues. What a word means:
/// <code>
/// tail  pending  locked
///    0        0       0   free: the only word that an acquirer or trylock may take at once
///    0        0       1   held
///    0        1       1   held, and one waits by polling this word
///    0        1       0   the pending one is about to take it
///    n        0       0   free, and the head of the queue is about to take it
///    n        0       1   held, and the head of the queue polls this word
///    n        1       *   as above, and the pending one goes before the head
/// </code>
/// Invariants: at most one holder and one pending; the queue is served in the order in which its tail was exchanged.
/// Not reentrant. Order: none of its own; its class is reported to the machine.
/// Not modelled: paravirtual locks and their degradation to test-and-set on a hypervisor.
/// Deviations: waits for a hand-over by one look at the word (the generic bound; x86 takes 512).
/// The algorithm is <see cref="QueuedSpinLockCore{TRule}"/>. Where <see cref="ICpuContext.HasAtomicLocks"/> holds, the
/// word is only ever 0 or 1, and it is taken in no order.
/// Source: kernel/locking/qspinlock.c and include/asm-generic/qspinlock.h, v6.12.
/// </remarks>
/// <param name="at">Address of the word.</param>
/// <param name="lockClass">The lock's class.</param>
public readonly partial struct QueuedSpinLock(nint at, LockClass lockClass) : IHandle
{
    /// <summary>Bit of <see cref="Value"/>: held.</summary>
    public const uint Locked = 1;

    /// <summary>The byte of <see cref="Value"/> that says whether it is held.</summary>
    public const uint LockedMask = 0xff;

    /// <summary>Bit of <see cref="Value"/>: somebody is next and does not queue.</summary>
    public const uint Pending = 0x100;

    /// <summary>The two low bytes of <see cref="Value"/>.</summary>
    public const uint LockedPendingMask = 0xffff;

    /// <summary>The part of <see cref="Value"/> that names the last of the queue.</summary>
    public const uint TailMask = 0xffff_0000;

    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The whole word.</summary>
    public AtomicU32 Value => new(at);

    /// <summary>Bits 0 to 7 of <see cref="Value"/>.</summary>
    public AtomicU8 LockedByte => new(at);

    /// <summary>Bits 8 to 15 of <see cref="Value"/>.</summary>
    public AtomicU8 PendingByte => new(at + 1);

    /// <summary>Bits 0 to 15 of <see cref="Value"/>.</summary>
    public AtomicU16 LockedPending => new(at);

    /// <summary>Bits 16 to 31 of <see cref="Value"/>.</summary>
    public AtomicU16 Tail => new(at + 2);

    private QueuedSpinLockCore<UpstreamQueuedSpinLock> Core => new(at, lockClass);

    /// <summary>Makes the lock, free: <c>spin_lock_init</c>.</summary>
    /// <remarks>Context: nobody else knows the lock yet, so the write is plain.</remarks>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Write(Value, 0u);

    /// <summary>Waits for the lock and takes it: <c>spin_lock</c>.</summary>
    /// <param name="subclass">0 to 7: tells nested locks of one class apart (<c>spin_lock_nested</c>).</param>
    /// <remarks>Context: any that may not be interrupted by somebody who takes it too. Preemption stays off until
    /// <see cref="Release"/>. Cost: one atomic instruction when it is free.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();
        if (cpu.HasAtomicLocks)
        {
            cpu.AddWhenClear(Value, LockedMask, Locked);
        }
        else
        {
            Core.Take(cpu, subclass);
        }

        cpu.LockAcquired(at, lockClass, subclass, LockMode.Exclusive);
    }

    /// <summary>Takes the lock if it is free and nobody waits: <c>spin_trylock</c>.</summary>
    /// <returns>Whether it was taken. If not, preemption is as it was.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAcquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();
        if (!Core.TryTake(cpu))
        {
            cpu.PreemptEnable();
            return false;
        }

        cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive, isTry: true);
        return true;
    }

    /// <summary>Gives the lock up: <c>spin_unlock</c>.</summary>
    /// <remarks>Context: the caller holds it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(at);

        // Release, pairs with the acquire of whoever takes the lock next. Only the byte: the rest belongs to waiters.
        cpu.StoreRelease(LockedByte, (byte)0);
        cpu.PreemptEnable();
    }

    /// <summary>As <see cref="Acquire"/>, with interrupts off: <c>spin_lock_irqsave</c>.</summary>
    /// <param name="subclass">0 to 7: tells nested locks of one class apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AcquireIrq<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu
    {
        // Nothing preempts while interrupts are off, so the count of the kernel's preempt_disable adds nothing here.
        cpu.IrqDisable();
        if (cpu.HasAtomicLocks)
        {
            cpu.AddWhenClear(Value, LockedMask, Locked);
        }
        else
        {
            Core.Take(cpu, subclass);
        }

        cpu.LockAcquired(at, lockClass, subclass, LockMode.Exclusive);
    }

    /// <summary>As <see cref="AcquireIrq"/>, in one access whatever the machine: for exploring what is built on the
    /// lock, once the lock itself was explored.</summary>
    public void AcquireIrqWhole<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.IrqDisable();
        cpu.AddWhenClear(Value, LockedMask, Locked);
        cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive);
    }

    /// <summary>As <see cref="Release"/>, then interrupts on: <c>spin_unlock_irqrestore</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReleaseIrq<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(at);

        // Release, pairs with the acquire of whoever takes the lock next.
        cpu.StoreRelease(LockedByte, (byte)0);
        cpu.IrqEnable();
    }

    /// <summary>Whether it is held, or somebody waits for it: <c>spin_is_locked</c>.</summary>
    /// <remarks>Relaxed: the answer may be old before it is used, whatever its order.</remarks>
    public bool IsLocked<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.ReadOnce(Value) != 0;
}
