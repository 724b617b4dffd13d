using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

// A mutex that somebody holds: spin, queue, sleep, and hand over.
public readonly partial struct MutexCore<TRule>
{
    // __mutex_lock_common
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeSlow<TCpu>(TCpu cpu, int subclass) where TCpu : struct, ICpu
    {
        cpu.LockContended(at, lockClass, subclass, LockMode.Exclusive);
        cpu.PreemptDisable();
        if (TryTake(cpu, wantsHandoff: false) != 0 && !OptimisticSpin(cpu))
        {
            WaitLock.Acquire(cpu);
            if (TryTake(cpu, wantsHandoff: false) != 0)
            {
                QueueAndSleep(cpu);
            }

            WaitLock.Release(cpu);
        }

        cpu.PreemptEnable();
    }

    // WaitLock is held on entry and on return.
    private void QueueAndSleep<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        var waiter = new MutexWaiter(cpu.Current.Waiter);
        cpu.Write(waiter.Task, cpu.Current.Address);
        if (WaitList.Append(cpu, waiter.Address))
        {
            cpu.FetchOrRelaxed(Owner, Waiters);
        }

        cpu.PrepareToPark();
        bool isTaken = false;
        while (!isTaken && TryTake(cpu, wantsHandoff: false) != 0)
        {
            WaitLock.Release(cpu);
            cpu.PreemptEnable();
            cpu.Park();
            cpu.PreemptDisable();

            // Relaxed in effect: only we leave from where we stand, so once first we stay first.
            bool isFirst = cpu.Read(WaitList.Next) == waiter.Address;

            // A barrier, pairs with the one in the release: we see the lock free now, or its waker sees that we sleep.
            cpu.PrepareToPark();
            isTaken = TryTake(cpu, wantsHandoff: isFirst) == 0 || (isFirst && SpinAsFirst(cpu));
            WaitLock.Acquire(cpu);
        }

        cpu.CancelPark();
        if (WaitList.Remove(cpu, waiter.Address))
        {
            cpu.FetchAndRelaxed(Owner, ~Flags);
        }
    }

    /// <summary>An attempt to take it: <c>__mutex_trylock_common</c>.</summary>
    /// <param name="wantsHandoff">Whether to ask for it to be handed over, if it cannot be had.</param>
    /// <returns>0 when it is the caller's now; otherwise the owner.</returns>
    private nint TryTake<TCpu>(TCpu cpu, bool wantsHandoff) where TCpu : struct, ICpu
    {
        nint self = cpu.Current.Address;
        nint owner = cpu.ReadOnce(Owner);
        while (true)
        {
            nint flags = owner & Flags;
            nint task = owner & ~Flags;
            if (task == 0)
            {
                task = self;
            }
            else if ((flags & Pickup) != 0)
            {
                if (task != self)
                {
                    return task;
                }

                flags &= ~Pickup;
            }
            else if (wantsHandoff && (flags & Handoff) == 0)
            {
                flags |= Handoff;
            }
            else
            {
                return task;
            }

            // Acquire, pairs with the release of Owner in Give, GiveSlow and HandOver.
            nint seen = cpu.CompareExchangeAcquire(Owner, owner, task | flags);
            if (seen == owner)
            {
                return task == self ? 0 : task;
            }

            owner = seen;
        }
    }

    // __mutex_unlock_slowpath
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GiveSlow<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint owner = cpu.ReadOnce(Owner);
        while ((owner & Handoff) == 0 || !TRule.HandsOverAtOnce)
        {
            // Release, pairs with the acquire of Owner in TryTake. The flags stay: waiters are still there.
            nint seen = cpu.CompareExchangeRelease(Owner, owner, owner & Flags);
            if (seen == owner)
            {
                if ((owner & Waiters) == 0)
                {
                    return;
                }

                break;
            }

            owner = seen;
        }

        WakeQueue queue = default;
        nint next = 0;
        WaitLock.AcquireIrq(cpu);
        nint first = WaitList.First(cpu);
        if (first != 0)
        {
            next = cpu.Read(new MutexWaiter(first).Task);
            queue = queue.Add(cpu, new TaskStruct(next));
        }

        if ((owner & Handoff) != 0)
        {
            HandOver(cpu, next);
        }

        WaitLock.ReleaseIrq(cpu);
        queue.WakeUp(cpu);
    }

    // __mutex_handoff: from owner to owner, with no moment in which it is free.
    private void HandOver<TCpu>(TCpu cpu, nint next) where TCpu : struct, ICpu
    {
        nint seen = cpu.ReadOnce(Owner);
        nint owner;
        do
        {
            owner = seen;
            nint given = (owner & Waiters) | next | (next == 0 || !TRule.MarksPickup ? 0 : Pickup);

            // Release, pairs with the acquire of Owner in TryTake.
            seen = cpu.CompareExchangeRelease(Owner, owner, given);
        }
        while (seen != owner);
    }

    // mutex_optimistic_spin of a task that does not wait in the list
    private bool OptimisticSpin<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.NeedsResched())
        {
            return false;
        }

        // Relaxed: a hint.
        nint owner = cpu.ReadOnce(Owner) & ~Flags;
        if ((owner != 0 && !Spinning.IsOnCpu(cpu, owner)) || !Osq.Acquire(cpu))
        {
            return false;
        }

        bool isTaken = SpinAsFirst(cpu);
        Osq.Release(cpu);
        return isTaken;
    }

    // Spins for as long as the owner runs. Whoever may do so: the head of the spinners, and the first of the sleepers.
    private bool SpinAsFirst<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint owner = TryTake(cpu, wantsHandoff: false);
        while (owner != 0)
        {
            // Relaxed: a hint; TryTake decides.
            while ((cpu.ReadOnce(Owner) & ~Flags) == owner)
            {
                if (!Spinning.IsOnCpu(cpu, owner) || cpu.NeedsResched())
                {
                    return false;
                }
            }

            owner = TryTake(cpu, wantsHandoff: false);
        }

        return true;
    }
}
