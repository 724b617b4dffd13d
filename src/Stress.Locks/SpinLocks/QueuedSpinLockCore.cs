using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>The algorithm of <see cref="QueuedSpinLock"/>: its fast paths; preemption and reports are the caller's.
/// </summary>
/// <remarks>
/// The same memory as <see cref="QueuedSpinLock"/>, where the words are explained.
/// Source: kernel/locking/qspinlock.c and include/asm-generic/qspinlock.h, v6.12.
/// </remarks>
/// <typeparam name="TRule">The version.</typeparam>
/// <param name="at">Address of the word.</param>
/// <param name="lockClass">The lock's class.</param>
public readonly partial struct QueuedSpinLockCore<TRule>(nint at, LockClass lockClass) : IHandle
    where TRule : struct, IQueuedSpinLockRule
{
    private const uint Locked = QueuedSpinLock.Locked;
    private const uint LockedMask = QueuedSpinLock.LockedMask;
    private const uint Pending = QueuedSpinLock.Pending;
    private const uint LockedPendingMask = QueuedSpinLock.LockedPendingMask;
    private const uint TailMask = QueuedSpinLock.TailMask;

    /// <inheritdoc/>
    public static int Bytes => QueuedSpinLock.Bytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc cref="QueuedSpinLock.Value"/>
    public AtomicU32 Value => new(at);

    /// <inheritdoc cref="QueuedSpinLock.LockedByte"/>
    public AtomicU8 LockedByte => new(at);

    /// <inheritdoc cref="QueuedSpinLock.PendingByte"/>
    public AtomicU8 PendingByte => new(at + 1);

    /// <inheritdoc cref="QueuedSpinLock.LockedPending"/>
    public AtomicU16 LockedPending => new(at);

    /// <inheritdoc cref="QueuedSpinLock.Tail"/>
    public AtomicU16 Tail => new(at + 2);

    /// <summary>Waits for the lock and takes it.</summary>
    /// <param name="subclass">For reports.</param>
    /// <returns>The CPU that it queued behind, plus 1; 0 when there was none.</returns>
    /// <remarks>Context: preemption off.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take<TCpu>(TCpu cpu, int subclass) where TCpu : struct, ICpu
    {
        // Acquire, pairs with the release of LockedByte in Give: what the last holder wrote is seen.
        uint value = TakeFree(cpu);
        return value == 0 ? 0 : TakeSlow(cpu, subclass, value);
    }

    /// <summary>Takes the lock if it is free and nobody waits.</summary>
    /// <returns>Whether it was taken.</returns>
    /// <remarks>Context: preemption off.</remarks>
    public bool TryTake<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Any bit at all means no: whoever is pending or queued comes first.
        if (!cpu.HasAtomicLocks && cpu.ReadOnce(Value) != 0)
        {
            return false;
        }

        // Acquire, as in Take.
        return TakeFree(cpu) == 0;
    }

    /// <summary>Gives the lock up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Give<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (!TRule.ReleasesByteOnly)
        {
            cpu.StoreRelease(Value, 0u);
        }
        else if (!TRule.ReleasesLock)
        {
            cpu.WriteOnce(LockedByte, (byte)0);
        }
        else
        {
            // Release, pairs with the acquire of whoever takes the lock next. Only the byte: the rest belongs to
            // waiters.
            cpu.StoreRelease(LockedByte, (byte)0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint TakeFree<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => TRule.AcquiresWhenFree
            ? cpu.CompareExchangeAcquire(Value, 0u, Locked) : cpu.CompareExchangeRelaxed(Value, 0u, Locked);
}
