using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>The algorithm of <see cref="Mutex"/>: its fast paths; reports of having it are the caller's.</summary>
/// <remarks>
/// The same memory as <see cref="Mutex"/>, where the words are explained.
/// Source: kernel/locking/mutex.c, v6.12.
/// </remarks>
/// <typeparam name="TRule">The version.</typeparam>
/// <param name="at">Address of the lock.</param>
/// <param name="lockClass">The lock's class.</param>
public readonly partial struct MutexCore<TRule>(nint at, LockClass lockClass) : IHandle
    where TRule : struct, IMutexRule
{
    private const nint Waiters = Mutex.Waiters;
    private const nint Handoff = Mutex.Handoff;
    private const nint Pickup = Mutex.Pickup;
    private const nint Flags = Waiters | Handoff | Pickup;

    /// <inheritdoc/>
    public static int Bytes => Mutex.Bytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc cref="Mutex.Owner"/>
    public AtomicPtr Owner => new(at);

    /// <inheritdoc cref="Mutex.WaitLock"/>
    public QueuedSpinLock WaitLock => new(at + 8, MutexClasses.WaitLock);

    /// <inheritdoc cref="Mutex.Osq"/>
    public OptimisticSpinQueue Osq => new(at + 12);

    /// <inheritdoc cref="Mutex.WaitList"/>
    public WaitList WaitList => new(at + 16);

    /// <inheritdoc cref="Mutex.Initialize"/>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Write(Owner, 0);
        WaitLock.Initialize(cpu);
        Osq.Initialize(cpu);
        WaitList.Initialize(cpu);
    }

    /// <summary>Waits for the mutex and takes it; may sleep.</summary>
    /// <param name="subclass">For reports.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take<TCpu>(TCpu cpu, int subclass) where TCpu : struct, ICpu
    {
        // Acquire, pairs with the release of Owner in Give.
        if (cpu.CompareExchangeAcquire(Owner, 0, cpu.Current.Address) != 0)
        {
            TakeSlow(cpu, subclass);
        }
    }

    /// <summary>Takes the mutex if it is free.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool TryTake<TCpu>(TCpu cpu) where TCpu : struct, ICpu => TryTake(cpu, wantsHandoff: false) == 0;

    /// <summary>Gives the mutex up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Give<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Release, pairs with the acquire of whoever takes Owner next.
        nint self = cpu.Current.Address;
        if (cpu.CompareExchangeRelease(Owner, self, 0) != self)
        {
            GiveSlow(cpu);
        }
    }
}

/// <summary>Classes of the locks inside a mutex.</summary>
internal static class MutexClasses
{
    public static readonly LockClass WaitLock = new("&lock->wait_lock");
}
