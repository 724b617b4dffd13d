using System;
using Stress.Machine;

namespace Stress.Locks;

// Writers that spin while the lock is held, in the hope that it is free before a sleep would be over.
public readonly partial struct RwSemaphoreCore<TRule>
{
    private const ulong ReaderSpinBase = 20;
    private const ulong ReaderSpinMax = 30;
    private const ulong NanosecondsPerMicrosecond = 1_000;

    // What a spinner makes of the owner word.
    private enum OwnerState
    {
        // Nobody, or the writer has just let go.
        Null,

        // A writer, on a CPU when last looked at.
        Writer,

        // Readers: nobody knows who is left of them.
        Reader,

        // Spinning does not pay.
        NonSpinnable,
    }

    // rwsem_can_spin_on_owner
    private bool CanSpin<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (!TRule.SpinsOnOwner || cpu.NeedsResched())
        {
            return false;
        }

        // Relaxed: a hint. A reader's entry may be old, so whether that reader is on a CPU says nothing.
        // Kernel: inside a read section, so that the owner's memory lives. Here tasks outlive the run.
        nint owner = cpu.ReadOnce(Owner);
        return StateOf(owner) switch
        {
            OwnerState.NonSpinnable => false,
            OwnerState.Writer => Spinning.IsOnCpu(cpu, owner),
            _ => true,
        };
    }

    // rwsem_optimistic_spin: whether the lock was taken.
    private bool OptimisticSpin<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Only the head of the queue polls the lock's line.
        if (!Osq.Acquire(cpu))
        {
            return false;
        }

        bool isTaken = false;
        bool goesOn = true;
        ulong deadline = 0;
        uint spins = 0;
        OwnerState previous = OwnerState.NonSpinnable;
        while (goesOn)
        {
            OwnerState state = SpinOnOwner(cpu);
            if (state == OwnerState.NonSpinnable)
            {
                break;
            }

            isTaken = TryWriteLockUnqueued(cpu);
            if (isTaken)
            {
                break;
            }

            if (state == OwnerState.Reader && previous != OwnerState.Reader)
            {
                // A phase of readers begins: it gets a budget. Relaxed: hints.
                if ((cpu.ReadOnce(Owner) & NonSpinnable) != 0)
                {
                    break;
                }

                deadline = cpu.Deadline(ReaderSpinNanoseconds(cpu.ReadOnce(Count)));
                spins = 0;
            }
            else if (state == OwnerState.Reader && ++spins % TRule.SpinsPerClockLook == 0 && cpu.HasPassed(deadline))
            {
                SetNonSpinnable(cpu);
                break;
            }

            // With a writer, SpinOnOwner has asked already. Otherwise the lock may be for a task that a real-time one
            // keeps off this CPU: it gives a new writer, or one that is about to be gone, one more try.
            goesOn = state == OwnerState.Writer
                || (!cpu.NeedsResched() && (!cpu.IsRealTime || previous == OwnerState.Writer));
            previous = state;
        }

        Osq.Release(cpu);
        return isTaken;
    }

    // rwsem_spin_on_owner: waits while the same writer owns the lock and runs.
    private OwnerState SpinOnOwner<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (!TRule.SpinsOnOwner)
        {
            return OwnerState.NonSpinnable;
        }

        // Relaxed throughout: hints; whoever acts on them takes Count with acquire.
        nint owner = cpu.ReadOnce(Owner);
        OwnerState state = StateOf(owner);
        while (state == OwnerState.Writer)
        {
            nint now = cpu.ReadOnce(Owner);
            if (now != owner)
            {
                return StateOf(now);
            }

            if (cpu.NeedsResched() || !Spinning.IsOnCpu(cpu, owner))
            {
                return OwnerState.NonSpinnable;
            }
        }

        return state;
    }

    // rwsem_try_write_lock_unqueued: steals from those who sleep, as long as nothing was promised to them.
    private bool TryWriteLockUnqueued<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ulong count = cpu.ReadOnce(Count);
        while ((count & (RwSemaphoreWord.LockMask | Handoff)) == 0)
        {
            // Acquire, pairs with the releases of Count in UpWrite and UpRead.
            ulong seen = cpu.CompareExchangeAcquire(Count, count, count | WriterLocked);
            if (seen == count)
            {
                SetWriterOwned(cpu);
                return true;
            }

            count = seen;
        }

        return false;
    }

    private static ulong ReaderSpinNanoseconds(ulong count)
    {
        ulong readers = Math.Min(count >> RwSemaphoreWord.ReaderShift, ReaderSpinMax);
        return (ReaderSpinBase + readers) * NanosecondsPerMicrosecond / 2;
    }

    // rwsem_set_nonspinnable: only while readers own it, as a writer takes the bit away with its store.
    private void SetNonSpinnable<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint owner = cpu.ReadOnce(Owner);
        while ((owner & RwSemaphoreWord.OwnerFlags) == ReaderOwned)
        {
            nint seen = cpu.CompareExchange(Owner, owner, owner | NonSpinnable);
            if (seen == owner)
            {
                return;
            }

            owner = seen;
        }
    }

    private static OwnerState StateOf(nint owner)
    {
        if ((owner & NonSpinnable) != 0)
        {
            return OwnerState.NonSpinnable;
        }

        if ((owner & ReaderOwned) != 0)
        {
            return OwnerState.Reader;
        }

        return owner == 0 ? OwnerState.Null : OwnerState.Writer;
    }
}
