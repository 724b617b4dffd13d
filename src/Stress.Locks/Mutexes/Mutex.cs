using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Sleeping lock with an owner: <c>struct mutex</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by                          read by
///      0      8  Owner     anybody, atomically                 anybody
///      8      4  WaitLock  whoever queues, leaves or wakes     the same
///     12      4  Osq       optimistic spinners                 optimistic spinners
///     16     16  WaitList  holder of WaitLock                  holder of WaitLock
///
/// Owner   meaning
/// 0       Waiters: the wait list is not empty
/// 1       Handoff: the first waiter wants it next; unlock must give it to a waiter
/// 2       Pickup: given to the task named, which has not noticed yet; nobody else may take it
/// 3-63    address of the task; 0 when free
/// </code>
/// Only its owner may release it; not for interrupts. The algorithm is <see cref="MutexCore{TRule}"/>. Where
/// <see cref="ICpuContext.HasAtomicLocks"/> holds, Owner is taken as a whole and has no flags.
/// Not modelled: interruptible forms, wound/wait, priorities, and the voluntary reschedule after a spin.
/// Order: WaitLock is innermost but for the queue nodes of the CPU.
/// Source: kernel/locking/mutex.c, v6.12.
/// </remarks>
/// <param name="at">Address of the lock.</param>
/// <param name="lockClass">The lock's class.</param>
public readonly partial struct Mutex(nint at, LockClass lockClass) : IHandle
{
    /// <summary>Bit of <see cref="Owner"/>: the wait list is not empty.</summary>
    public const nint Waiters = 1;

    /// <summary>Bit of <see cref="Owner"/>: unlock must give it to the first waiter.</summary>
    public const nint Handoff = 2;

    /// <summary>Bit of <see cref="Owner"/>: given to a waiter that has not taken it yet.</summary>
    public const nint Pickup = 4;

    private const nint Anybody = -1;

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The task that holds it, with three bits.</summary>
    public AtomicPtr Owner => new(at);

    /// <summary>Protects <see cref="WaitList"/>.</summary>
    public QueuedSpinLock WaitLock => Core.WaitLock;

    /// <summary>The queue of optimistic spinners.</summary>
    public OptimisticSpinQueue Osq => new(at + 12);

    /// <summary>The tasks that sleep.</summary>
    public WaitList WaitList => new(at + 16);

    private MutexCore<UpstreamMutex> Core => new(at, lockClass);

    /// <summary>Makes the lock, free: <c>mutex_init</c>.</summary>
    /// <remarks>Context: nobody else knows the lock yet, so the writes are plain.</remarks>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Core.Initialize(cpu);

    /// <summary>Takes it; may sleep: <c>mutex_lock</c>.</summary>
    /// <param name="subclass">0 to 7: tells nested locks of one class apart (<c>mutex_lock_nested</c>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu
    {
        if (cpu.HasAtomicLocks)
        {
            cpu.AddWhenClear(Owner, Anybody, cpu.Current.Address);
        }
        else
        {
            Core.Take(cpu, subclass);
        }

        cpu.LockAcquired(at, lockClass, subclass, LockMode.Exclusive);
    }

    /// <summary>Takes it if it is free: <c>mutex_trylock</c>.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool TryAcquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        bool isTaken = cpu.HasAtomicLocks
            ? cpu.CompareExchangeAcquire(Owner, 0, cpu.Current.Address) == 0
            : Core.TryTake(cpu);
        if (isTaken)
        {
            cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive, isTry: true);
        }

        return isTaken;
    }

    /// <summary>Gives it up: <c>mutex_unlock</c>.</summary>
    /// <remarks>Context: the caller is its owner.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(at);
        if (cpu.HasAtomicLocks)
        {
            cpu.StoreRelease(Owner, 0);
        }
        else
        {
            Core.Give(cpu);
        }
    }
}
