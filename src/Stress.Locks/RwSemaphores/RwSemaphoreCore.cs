using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>The algorithm of <see cref="RwSemaphore"/>: its fast paths, and what both sides share.</summary>
/// <remarks>
/// The same memory as <see cref="RwSemaphore"/>; the bits are listed at <see cref="RwSemaphoreWord"/>. Every update of
/// Owner stands in the same preemption-disabled section as the update of Count, so that a spinner does not take the
/// owner of before for one that was preempted.
/// Source: kernel/locking/rwsem.c, v6.12.
/// </remarks>
/// <typeparam name="TRule">The version.</typeparam>
/// <param name="at">Address of the lock.</param>
/// <param name="lockClass">The lock's class.</param>
public readonly partial struct RwSemaphoreCore<TRule>(nint at, LockClass lockClass) : IHandle
    where TRule : struct, IRwSemaphoreRule
{
    private const ulong WriterLocked = RwSemaphoreWord.WriterLocked;
    private const ulong Waiters = RwSemaphoreWord.Waiters;
    private const ulong Handoff = RwSemaphoreWord.Handoff;
    private const ulong ReaderBias = RwSemaphoreWord.ReaderBias;
    private const nint ReaderOwned = RwSemaphoreWord.ReaderOwned;
    private const nint NonSpinnable = RwSemaphoreWord.NonSpinnable;

    /// <inheritdoc/>
    public static int Bytes => RwSemaphore.Bytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc cref="RwSemaphore.Count"/>
    public AtomicU64 Count => new(at);

    /// <inheritdoc cref="RwSemaphore.Owner"/>
    public AtomicPtr Owner => new(at + 8);

    /// <inheritdoc cref="RwSemaphore.Osq"/>
    public OptimisticSpinQueue Osq => new(at + 16);

    /// <inheritdoc cref="RwSemaphore.WaitLock"/>
    public QueuedSpinLock WaitLock => new(at + 20, RwSemaphoreClasses.WaitLock);

    /// <inheritdoc cref="RwSemaphore.WaitList"/>
    public WaitList WaitList => new(at + 24);

    /// <inheritdoc cref="RwSemaphore.Initialize"/>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Write(Count, 0ul);
        cpu.Write(Owner, 0);
        Osq.Initialize(cpu);
        WaitLock.Initialize(cpu);
        WaitList.Initialize(cpu);
    }

    /// <inheritdoc cref="RwSemaphore.DownRead"/>
    /// <returns>The count when it was taken; 0 when it was granted by another.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong DownRead<TCpu>(TCpu cpu, int subclass) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();

        // Acquire, pairs with the release of Count in UpWrite. Unconditional: a reader that fails takes it back later.
        ulong count = ReaderBias + (TRule.AcquiresRead
            ? cpu.FetchAddAcquire(Count, ReaderBias) : cpu.FetchAddRelaxed(Count, ReaderBias));
        if ((count & RwSemaphoreWord.ReadFailedMask) == 0)
        {
            SetReaderOwned(cpu, cpu.Current.Address);
        }
        else
        {
            count = DownReadSlow(cpu, subclass, count);
        }

        cpu.LockAcquired(at, lockClass, subclass, LockMode.Shared);
        cpu.PreemptEnable();
        return count;
    }

    /// <inheritdoc cref="RwSemaphore.DownReadTrylock"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool DownReadTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();
        bool isTaken = false;

        // Relaxed: only a guess for the exchange below.
        ulong count = cpu.ReadOnce(Count);
        while ((count & RwSemaphoreWord.ReadFailedMask) == 0)
        {
            // Acquire, pairs with the release of Count in UpWrite. Tried again for as long as only readers come first.
            ulong seen = cpu.CompareExchangeAcquire(Count, count, count + ReaderBias);
            if (seen == count)
            {
                SetReaderOwned(cpu, cpu.Current.Address);
                cpu.LockAcquired(at, lockClass, 0, LockMode.Shared, isTry: true);
                isTaken = true;
                break;
            }

            count = seen;
        }

        cpu.PreemptEnable();
        return isTaken;
    }

    /// <inheritdoc cref="RwSemaphore.UpRead"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void UpRead<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();
        cpu.LockReleased(at);

        // Release, pairs with the acquire of the writer that takes Count next. Owner stays: it is only a hint.
        ulong count = cpu.FetchAddRelease(Count, RwSemaphoreWord.LessReader) - ReaderBias;
        if ((count & (RwSemaphoreWord.LockMask | Waiters)) == Waiters && TRule.LastReaderWakes)
        {
            WakeAfterLastReader(cpu);
        }

        cpu.PreemptEnable();
    }

    /// <inheritdoc cref="RwSemaphore.DownWrite"/>
    /// <returns>The count when it was taken, without Handoff if that was raised for the caller.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong DownWrite<TCpu>(TCpu cpu, int subclass) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();

        // Acquire, pairs with the releases of Count in UpWrite and UpRead.
        ulong count = TRule.AcquiresFreeWrite
            ? cpu.CompareExchangeAcquire(Count, 0ul, WriterLocked) : cpu.CompareExchangeRelaxed(Count, 0ul, WriterLocked);
        if (count == 0)
        {
            SetWriterOwned(cpu);
        }
        else
        {
            count = DownWriteSlow(cpu, subclass);
        }

        cpu.LockAcquired(at, lockClass, subclass, LockMode.Exclusive);
        cpu.PreemptEnable();
        return count;
    }

    /// <inheritdoc cref="RwSemaphore.DownWriteTrylock"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool DownWriteTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();

        // Acquire, pairs with the releases of Count in UpWrite and UpRead.
        bool isTaken = cpu.CompareExchangeAcquire(Count, 0ul, WriterLocked) == 0;
        if (isTaken)
        {
            SetWriterOwned(cpu);
            cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive, isTry: true);
        }

        cpu.PreemptEnable();
        return isTaken;
    }

    /// <inheritdoc cref="RwSemaphore.UpWrite"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void UpWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();
        cpu.LockReleased(at);

        // Before the lock is free, or it would wipe out the next owner. Relaxed: spinners take it as a hint.
        if (TRule.KeepsOwner)
        {
            cpu.WriteOnce(Owner, 0);
        }

        // Release, pairs with the acquire of whoever takes Count next.
        ulong early = TRule.LooksWithRelease ? 0 : cpu.ReadOnce(Count);
        ulong before = TRule.ReleasesWrite
            ? cpu.FetchAddRelease(Count, RwSemaphoreWord.LessWriter)
            : cpu.FetchAddRelaxed(Count, RwSemaphoreWord.LessWriter);
        if (((TRule.LooksWithRelease ? before : early) & Waiters) != 0)
        {
            Wake(cpu);
        }

        cpu.PreemptEnable();
    }

    /// <inheritdoc cref="RwSemaphore.DowngradeWrite"/>
    public void DowngradeWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.PreemptDisable();
        cpu.LockReleased(at);

        // Release, pairs with the acquire of the readers that come in now: they see what was written.
        ulong before = cpu.FetchAddRelease(Count, ReaderBias - WriterLocked);
        cpu.LockAcquired(at, lockClass, 0, LockMode.Shared, isTry: true);
        SetReaderOwned(cpu, cpu.Current.Address);
        if ((before & Waiters) != 0)
        {
            WakeReaders(cpu);
        }

        cpu.PreemptEnable();
    }

    // By the real algorithm or in one access.
    private void LockWaitList<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.TakesWaitLockWhole)
        {
            WaitLock.AcquireIrqWhole(cpu);
        }
        else
        {
            WaitLock.AcquireIrq(cpu);
        }
    }

    // Relaxed, both: the owner is a hint for spinners, who look again.
    private void SetWriterOwned<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.KeepsOwner)
        {
            cpu.WriteOnce(Owner, cpu.Current.Address);
        }
    }

    // Relaxed, as above. Whether it pays to spin outlasts the change from one reader to the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetReaderOwned<TCpu>(TCpu cpu, nint task) where TCpu : struct, ICpu
    {
        if (TRule.KeepsOwner)
        {
            cpu.WriteOnce(Owner, task | ReaderOwned | (cpu.ReadOnce(Owner) & NonSpinnable));
        }
    }

    // Writers may spin again.
    private void ClearNonSpinnable<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.KeepsOwner && (cpu.ReadOnce(Owner) & NonSpinnable) != 0)
        {
            cpu.FetchAndRelaxed(Owner, ~NonSpinnable);
        }
    }
}

/// <summary>Classes of the locks inside a rw_semaphore.</summary>
internal static class RwSemaphoreClasses
{
    public static readonly LockClass WaitLock = new("&sem->wait_lock");
}
