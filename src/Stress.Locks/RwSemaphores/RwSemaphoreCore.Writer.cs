using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

// A writer that found the word not 0.
public readonly partial struct RwSemaphoreCore<TRule>
{
    /// <summary>Gets the lock as the writer, by spinning or by sleeping: <c>rwsem_down_write_slowpath</c>.</summary>
    /// <param name="subclass">For reports.</param>
    /// <returns>As <see cref="DownWrite"/>; 0 when it spun, which it does for no lock that is promised.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong DownWriteSlow<TCpu>(TCpu cpu, int subclass) where TCpu : struct, ICpu
    {
        cpu.LockContended(at, lockClass, subclass, LockMode.Exclusive);
        if (CanSpin(cpu) && OptimisticSpin(cpu))
        {
            return 0;
        }

        RwSemaphoreWaiter waiter = Prepare(cpu, RwSemaphoreWaiter.ForWrite);
        LockWaitList(cpu);
        EnqueueWriter(cpu, waiter);
        ulong count = SleepUntilTaken(cpu, waiter);
        WaitLock.ReleaseIrq(cpu);
        return count;
    }

    // WaitLock is held on entry and on return; it is dropped meanwhile when somebody is to be woken.
    private void EnqueueWriter<TCpu>(TCpu cpu, RwSemaphoreWaiter waiter) where TCpu : struct, ICpu
    {
        if (WaitList.Append(cpu, waiter.Address))
        {
            // Relaxed in effect, as Waiters changes under WaitLock only; the kernel's operation is fully ordered no more
            // than this one.
            cpu.FetchOrRelaxed(Count, Waiters);
            return;
        }

        // Others wait although the lock may be free or the readers' by now: our coming is a chance to wake them.
        WakeQueue queue = CondWake(cpu, cpu.ReadOnce(Count));
        if (!queue.IsEmpty)
        {
            WaitLock.ReleaseIrq(cpu);
            queue.WakeUp(cpu);
            LockWaitList(cpu);
        }
    }

    // WaitLock is held on entry and on return. Returns the count as TryWriteLock took it.
    private ulong SleepUntilTaken<TCpu>(TCpu cpu, RwSemaphoreWaiter waiter) where TCpu : struct, ICpu
    {
        cpu.PrepareToPark();
        (bool isTaken, ulong count) = TryWriteLock(cpu, waiter);
        while (!isTaken)
        {
            WaitLock.ReleaseIrq(cpu);

            // The lock is promised to us: it is worth a spin. Once it has no owner, sleeping would be a waste. The
            // kernel then tries again also when its CPU is wanted; here that ends a spin of any length, as a reader
            // that is about to take its place in the count back may not run before we stop.
            bool mayHope = TRule.OnlyPromisedSpins
                ? cpu.Read(waiter.HandoffSet) != 0 : (cpu.ReadOnce(Count) & Handoff) != 0;
            if (!mayHope || SpinOnOwner(cpu) != OwnerState.Null || cpu.NeedsResched())
            {
                cpu.PreemptEnable();
                cpu.Park();
                cpu.PreemptDisable();
                cpu.PrepareToPark();
            }

            LockWaitList(cpu);
            (isTaken, count) = TryWriteLock(cpu, waiter);
        }

        cpu.CancelPark();
        return count;
    }

    /// <summary>A waiting writer's attempt: <c>rwsem_try_write_lock</c>.</summary>
    /// <returns>Whether it has the lock now, and is out of the list; and the count before, without a Handoff of its own.
    /// </returns>
    /// <remarks>Context: WaitLock is held.</remarks>
    private (bool IsTaken, ulong Count) TryWriteLock<TCpu>(TCpu cpu, RwSemaphoreWaiter waiter) where TCpu : struct, ICpu
    {
        var first = new RwSemaphoreWaiter(WaitList.First(cpu));
        ulong seen = cpu.ReadOnce(Count);
        ulong count;
        ulong wanted;
        do
        {
            count = seen;
            bool isHandedOff = (count & Handoff) != 0;
            if (TRule.WriterHonoursHandoff
                && isHandedOff && first.Address != waiter.Address && cpu.Read(first.HandoffSet) != 0)
            {
                return (false, 0);
            }

            wanted = count;
            if ((count & (TRule.WaitsForReaders ? RwSemaphoreWord.LockMask : WriterLocked)) != 0)
            {
                // A real-time task does not wait before it asks.
                if (isHandedOff || !(cpu.IsRealTime || cpu.HasPassed(cpu.Read(waiter.Timeout))))
                {
                    return (false, 0);
                }

                // Any waiter may ask for it, but the privilege goes to the first.
                wanted |= Handoff;
            }
            else
            {
                wanted = (wanted | WriterLocked) & ~Handoff;
                if (!TRule.WriterKeepsWaiters || cpu.Read(WaitList.Next) == cpu.Read(WaitList.Prev))
                {
                    wanted &= ~Waiters;
                }
            }

            // Acquire, pairs with the releases of Count in UpWrite and UpRead.
            seen = TRule.AcquiresQueuedWrite
                ? cpu.CompareExchangeAcquire(Count, count, wanted) : cpu.CompareExchangeRelaxed(Count, count, wanted);
        }
        while (seen != count);

        if ((wanted & Handoff) != 0)
        {
            cpu.Write(first.HandoffSet, 1u);
            return (false, 0);
        }

        WaitList.Remove(cpu, waiter.Address);
        SetWriterOwned(cpu);
        return (true, first.Address == waiter.Address ? count & ~Handoff : count);
    }
}
