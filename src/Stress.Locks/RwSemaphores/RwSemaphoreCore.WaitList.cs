using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

// Who is woken, and what they are given, by whoever leaves the lock or finds it free.
public readonly partial struct RwSemaphoreCore<TRule>
{
    private const ulong WaitNanoseconds = 4_000_000;
    private const uint MaxReadersWoken = 256;

    // What the lock is to those who wake.
    private enum WakeKind
    {
        // Free for all that is known: whoever is first.
        Any,

        // Held by readers: more readers.
        Readers,

        // The waker itself holds it as a reader, so no writer can come between.
        ReadOwned,
    }

    private static RwSemaphoreWaiter Prepare<TCpu>(TCpu cpu, uint type) where TCpu : struct, ICpu
    {
        // Plain: nobody sees it before it is in the list.
        var waiter = new RwSemaphoreWaiter(cpu.Current.Waiter);
        cpu.Write(waiter.Task, cpu.Current.Address);
        cpu.Write(waiter.Type, type);
        cpu.Write(waiter.Timeout, cpu.Deadline(WaitNanoseconds));
        cpu.Write(waiter.HandoffSet, 0u);
        return waiter;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WakeAfterLastReader<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ClearNonSpinnable(cpu);
        Wake(cpu);
    }

    // rwsem_wake
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wake<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => WakeUnderLock(cpu, WakeKind.Any);

    // rwsem_downgrade_wake, and the same after a reader has stolen the lock
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WakeReaders<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => WakeUnderLock(cpu, WakeKind.ReadOwned);

    private void WakeUnderLock<TCpu>(TCpu cpu, WakeKind kind) where TCpu : struct, ICpu
    {
        WakeQueue queue = default;
        LockWaitList(cpu);
        if (WaitList.First(cpu) != 0)
        {
            queue = MarkWake(cpu, kind, queue);
        }

        WaitLock.ReleaseIrq(cpu);

        // After the lock: the woken would only run into it.
        queue.WakeUp(cpu);
    }

    // rwsem_cond_wake_waiter: wakes by what the count says.
    private WakeQueue CondWake<TCpu>(TCpu cpu, ulong count) where TCpu : struct, ICpu
    {
        if ((count & WriterLocked) != 0)
        {
            return default;
        }

        if ((count & RwSemaphoreWord.ReaderMask) != 0)
        {
            return MarkWake(cpu, WakeKind.Readers, default);
        }

        ClearNonSpinnable(cpu);
        return MarkWake(cpu, WakeKind.Any, default);
    }

    // rwsem_mark_wake. WaitLock is held and the list is not empty.
    private WakeQueue MarkWake<TCpu>(TCpu cpu, WakeKind kind, WakeQueue queue) where TCpu : struct, ICpu
    {
        var first = new RwSemaphoreWaiter(WaitList.First(cpu));
        if (cpu.Read(first.Type) == RwSemaphoreWaiter.ForWrite)
        {
            // It stays in the list and must win for itself; until then the lock may be stolen from it.
            return kind == WakeKind.Any ? queue.Add(cpu, new TaskStruct(cpu.ReadOnce(first.Task))) : queue;
        }

        // Relaxed: too many readers only means to wait for another waker.
        if ((cpu.ReadOnce(Count) & RwSemaphoreWord.ReadFail) != 0)
        {
            return queue;
        }

        ulong counted = 0;
        if (kind != WakeKind.ReadOwned)
        {
            if (!CountFirstReader(cpu, first))
            {
                return queue;
            }

            counted = ReaderBias;

            // An early sign for spinners. The task is not 0: only the holder of WaitLock clears it.
            SetReaderOwned(cpu, cpu.ReadOnce(first.Task));
        }

        (nint granted, ulong woken, bool isEmpty) = TakeReaders(cpu);
        if (!TRule.CountsBeforeGrant)
        {
            queue = Grant(cpu, granted, queue);
            CountReaders(cpu, (woken * ReaderBias) - counted, woken, isEmpty);
            return queue;
        }

        // All of them are in the count before the first is let go: it may be done before the second has even woken.
        CountReaders(cpu, (woken * ReaderBias) - counted, woken, isEmpty);
        return Grant(cpu, granted, queue);
    }

    // Keeps writers out on behalf of the first reader; false when one was faster.
    private bool CountFirstReader<TCpu>(TCpu cpu, RwSemaphoreWaiter first) where TCpu : struct, ICpu
    {
        ulong before = cpu.FetchAdd(Count, ReaderBias);
        if ((before & WriterLocked) == 0 || !TRule.YieldsToStealingWriter)
        {
            return true;
        }

        ulong back = RwSemaphoreWord.LessReader;
        if (cpu.HasPassed(cpu.Read(first.Timeout)))
        {
            back += (before & Handoff) == 0 ? Handoff : 0;
            cpu.Write(first.HandoffSet, 1u);
        }

        cpu.FetchAdd(Count, back);
        return false;
    }

    // Moves the readers of the list, also those behind writers, to a chain of their own: its first, how many, and
    // whether the list is empty now.
    private (nint Granted, ulong Woken, bool IsEmpty) TakeReaders<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint granted = 0;
        nint last = 0;
        uint woken = 0;
        nint next = cpu.Read(WaitList.Next);
        while (next != WaitList.Address && woken < MaxReadersWoken)
        {
            var waiter = new RwSemaphoreWaiter(next);
            next = cpu.Read(waiter.Links.Next);
            if (cpu.Read(waiter.Type) == RwSemaphoreWaiter.ForWrite)
            {
                continue;
            }

            WaitList.Remove(cpu, waiter.Address);
            cpu.Write(waiter.Links.Next, 0);
            if (last == 0)
            {
                granted = waiter.Address;
            }
            else
            {
                cpu.Write(new WaitList(last).Next, waiter.Address);
            }

            last = waiter.Address;
            woken++;
            if (!TRule.GrantsWholeBatch)
            {
                break;
            }
        }

        return (granted, woken, WaitList.First(cpu) == 0);
    }

    private void CountReaders<TCpu>(TCpu cpu, ulong readers, ulong woken, bool isEmpty) where TCpu : struct, ICpu
    {
        // Relaxed: Handoff changes only under WaitLock, which is held.
        ulong change = readers;
        ulong count = cpu.ReadOnce(Count);
        if (isEmpty || !TRule.WakerKeepsWaiters)
        {
            change -= Waiters;
        }

        // Those who waited too long have been served, or nobody waits.
        if ((isEmpty || woken != 0) && (count & Handoff) != 0)
        {
            change -= Handoff;
        }

        if (change != 0)
        {
            cpu.FetchAdd(Count, change);
        }
    }

    // The second pass: lets the granted readers go.
    private static WakeQueue Grant<TCpu>(TCpu cpu, nint granted, WakeQueue queue) where TCpu : struct, ICpu
    {
        while (granted != 0)
        {
            // Both before the store: after it, the memory may serve another wait.
            var waiter = new RwSemaphoreWaiter(granted);
            granted = cpu.Read(waiter.Links.Next);
            var task = new TaskStruct(cpu.ReadOnce(waiter.Task));
            if (!TRule.GrantsBeforeWake)
            {
                queue = queue.Add(cpu, task);
            }

            // Release, pairs with the acquire of Task in DownReadSlow: the reader's place in the count is seen.
            cpu.StoreRelease(waiter.Task, 0);

            // Then the wakeup, by us or by whoever has queued the task already.
            if (TRule.GrantsBeforeWake)
            {
                queue = queue.Add(cpu, task);
            }
        }

        return queue;
    }
}
