using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

// A reader that met a writer, a waiter or a handoff.
public readonly partial struct RwSemaphoreCore<TRule>
{
    /// <summary>Gets the lock as a reader, by stealing or by sleeping: <c>rwsem_down_read_slowpath</c>.</summary>
    /// <param name="subclass">For reports.</param>
    /// <param name="count">What the count was once this reader was in it.</param>
    /// <returns>As <see cref="DownRead"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong DownReadSlow<TCpu>(TCpu cpu, int subclass, ulong count) where TCpu : struct, ICpu
    {
        cpu.LockContended(at, lockClass, subclass, LockMode.Shared);

        // Most likely readers hold it: then we queue, or their stream would never end for a writer that sleeps.
        // Relaxed: the owner is a hint.
        ulong readers = count >> RwSemaphoreWord.ReaderShift;
        bool isReaders = TRule.KeepsOwner
            && (cpu.ReadOnce(Owner) & ReaderOwned) != 0 && readers > 1 && (count & WriterLocked) == 0;
        ulong taken = TRule.ReaderHonoursHandoff ? WriterLocked | Handoff : WriterLocked;
        if (!isReaders && (count & taken) == 0)
        {
            // Free, and not promised to anybody: our place in the count is the lock, stolen from those who wait. The
            // acquire of the fast path pairs with the last writer's release.
            SetReaderOwned(cpu, cpu.Current.Address);
            if (readers == 1 && (count & Waiters) != 0)
            {
                WakeReaders(cpu);
            }

            return count;
        }

        QueueReader(cpu);
        return 0;
    }

    private void QueueReader<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        RwSemaphoreWaiter waiter = Prepare(cpu, RwSemaphoreWaiter.ForRead);
        ulong change = RwSemaphoreWord.LessReader;
        LockWaitList(cpu);
        if (WaitList.First(cpu) == 0)
        {
            if ((cpu.ReadOnce(Count) & WriterLocked) == 0)
            {
                // The writer has gone meanwhile, and our place in the count is still there. The fence makes that read
                // an acquire; it pairs with the release of Count in UpWrite.
                if (TRule.FencesEarlyExit)
                {
                    cpu.ReadFence();
                }

                WaitLock.ReleaseIrq(cpu);
                SetReaderOwned(cpu, cpu.Current.Address);
                return;
            }

            change += Waiters;
        }

        WaitList.Append(cpu, waiter.Address);

        // From here on we wait and no longer stand in anybody's way.
        ulong count = cpu.FetchAdd(Count, change) + change;
        WakeQueue queue = TRule.QueuedReaderWakes ? CondWake(cpu, count) : default;
        WaitLock.ReleaseIrq(cpu);
        queue.WakeUp(cpu);
        SleepUntilGranted(cpu, waiter);
    }

    private static void SleepUntilGranted<TCpu>(TCpu cpu, RwSemaphoreWaiter waiter) where TCpu : struct, ICpu
    {
        cpu.PrepareToPark();

        // Acquire, pairs with the release of Task in Grant: the lock is ours, and the last writer's data is seen.
        while ((TRule.AcquiresGrant ? cpu.LoadAcquire(waiter.Task) : cpu.ReadOnce(waiter.Task)) != 0)
        {
            // Asleep, the task does not hold on to its CPU.
            cpu.PreemptEnable();
            cpu.Park();
            cpu.PreemptDisable();
            cpu.PrepareToPark();
        }

        cpu.CancelPark();
    }
}
