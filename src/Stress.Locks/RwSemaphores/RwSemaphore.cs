using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Sleeping lock for many readers or one writer: <c>struct rw_semaphore</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by                        read by
///      0      8  Count     anybody, atomically               anybody
///      8      8  Owner     the holders, after they won       optimistic spinners
///     16      4  Osq       optimistic spinners               optimistic spinners
///     20      4  WaitLock  whoever queues, wakes or leaves   the same
///     24     16  WaitList  holder of WaitLock                holder of WaitLock
/// </code>
/// The bits of Count and Owner are listed at <see cref="RwSemaphoreCore{TRule}"/>, which is the kernel's algorithm; this
/// type picks between it and the short form for machines with <see cref="ICpuContext.HasAtomicLocks"/>. There, the same
/// contract holds with one access an operation: readers share, a writer excludes, and a writer that waits keeps later
/// readers out. Bits 3 to 7 of Count, which the kernel does not use, then count the writers that wait; Owner stays 0,
/// nobody spins, and nobody queues.
/// Not modelled: interruptible and killable forms, debug checks.
/// Order: WaitLock is innermost but for the queue nodes of the CPU.
/// Source: kernel/locking/rwsem.c, v6.12.
/// </remarks>
/// <param name="at">Address of the lock.</param>
/// <param name="lockClass">The lock's class.</param>
public readonly partial struct RwSemaphore(nint at, LockClass lockClass) : IHandle
{
    /// <summary>In short form: one writer that waits, in <see cref="Count"/>.</summary>
    public const ulong WaitingWriter = 8;

    private const ulong WaitingWriters = 0xf8;
    private const ulong BlocksReader = RwSemaphoreWord.WriterLocked | WaitingWriters;
    private const ulong WaiterTurnsWriter = unchecked(RwSemaphoreWord.WriterLocked - WaitingWriter);
    private const ulong BlocksWriter = RwSemaphoreWord.LockMask;

    /// <inheritdoc/>
    public static int Bytes => 40;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Who holds it and who waits.</summary>
    public AtomicU64 Count => new(at);

    /// <summary>The task that holds it as a writer, or one that does or did as a reader, with two bits.</summary>
    public AtomicPtr Owner => new(at + 8);

    /// <summary>The queue of optimistic spinners.</summary>
    public OptimisticSpinQueue Osq => new(at + 16);

    /// <summary>Protects <see cref="WaitList"/>.</summary>
    public QueuedSpinLock WaitLock => Core.WaitLock;

    /// <summary>The tasks that sleep.</summary>
    public WaitList WaitList => new(at + 24);

    private RwSemaphoreCore<UpstreamRwSemaphore> Core => new(at, lockClass);

    /// <summary>Makes the lock, free: <c>init_rwsem</c>.</summary>
    /// <remarks>Context: nobody else knows the lock yet, so the writes are plain.</remarks>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Core.Initialize(cpu);

    /// <summary>Takes it as a reader; may sleep: <c>down_read</c>.</summary>
    /// <param name="subclass">0 to 7: tells nested locks of one class apart (<c>down_read_nested</c>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void DownRead<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            cpu.AddWhenClear(Count, BlocksReader, RwSemaphoreWord.ReaderBias);
            cpu.LockAcquired(at, lockClass, subclass, LockMode.Shared);
            return;
        }

        Core.DownRead(cpu, subclass);
    }

    /// <summary>Takes it as a reader if no writer holds it and nobody waits: <c>down_read_trylock</c>.</summary>
    /// <returns>Whether it was taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool DownReadTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.HasAtomicLocks ? DownReadTrylockShort(cpu) : Core.DownReadTrylock(cpu);

    /// <summary>Gives it up as a reader: <c>up_read</c>.</summary>
    /// <remarks>Context: the caller holds it as a reader.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void UpRead<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            cpu.LockReleased(at);
            cpu.FetchAddRelease(Count, RwSemaphoreWord.LessReader);
            return;
        }

        Core.UpRead(cpu);
    }

    /// <summary>Takes it as the writer; may sleep: <c>down_write</c>.</summary>
    /// <param name="subclass">0 to 7: tells nested locks of one class apart (<c>down_write_nested</c>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void DownWrite<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            if (cpu.CompareExchangeAcquire(Count, 0ul, RwSemaphoreWord.WriterLocked) != 0)
            {
                // Announced first, so that readers who come from now on let it go before them.
                cpu.FetchAddRelaxed(Count, WaitingWriter);
                cpu.AddWhenClear(Count, BlocksWriter, WaiterTurnsWriter);
            }

            cpu.LockAcquired(at, lockClass, subclass, LockMode.Exclusive);
            return;
        }

        Core.DownWrite(cpu, subclass);
    }

    /// <summary>Takes it as the writer if it is free and nobody waits: <c>down_write_trylock</c>.</summary>
    /// <returns>Whether it was taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool DownWriteTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            bool isTaken = cpu.CompareExchangeAcquire(Count, 0ul, RwSemaphoreWord.WriterLocked) == 0;
            if (isTaken)
            {
                cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive, isTry: true);
            }

            return isTaken;
        }

        return Core.DownWriteTrylock(cpu);
    }

    /// <summary>Gives it up as the writer: <c>up_write</c>.</summary>
    /// <remarks>Context: the caller holds it as the writer.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void UpWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            cpu.LockReleased(at);
            cpu.FetchAddRelease(Count, RwSemaphoreWord.LessWriter);
            return;
        }

        Core.UpWrite(cpu);
    }

    /// <summary>Turns from the writer into a reader, with no gap in between: <c>downgrade_write</c>.</summary>
    /// <remarks>Context: the caller holds it as the writer. Must be given up with <see cref="UpRead"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void DowngradeWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            cpu.LockReleased(at);
            cpu.FetchAddRelease(Count, RwSemaphoreWord.ReaderBias - RwSemaphoreWord.WriterLocked);
            cpu.LockAcquired(at, lockClass, 0, LockMode.Shared, isTry: true);
            return;
        }

        Core.DowngradeWrite(cpu);
    }

    /// <summary>Whether anybody holds it, or waits for it: <c>rwsem_is_locked</c>.</summary>
    /// <remarks>Relaxed: the answer may be old before it is used, whatever its order.</remarks>
    public bool IsLocked<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.ReadOnce(Count) != 0;

    // The first guess is a free lock, so that the usual case is one access.
    private bool DownReadTrylockShort<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ulong seen = 0;
        ulong count;
        do
        {
            count = seen;
            if ((count & BlocksReader) != 0)
            {
                return false;
            }

            seen = cpu.CompareExchangeAcquire(Count, count, count + RwSemaphoreWord.ReaderBias);
        }
        while (seen != count);

        cpu.LockAcquired(at, lockClass, 0, LockMode.Shared, isTry: true);
        return true;
    }
}
