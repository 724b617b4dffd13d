using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

// The way to the lock when the word was not 0: become the pending one, or queue.
public readonly partial struct QueuedSpinLockCore<TRule>
{
    private const int TailLevelBits = 2;
    private const int TailShift = 16;

    /// <summary>Waits for the lock: <c>queued_spin_lock_slowpath</c>.</summary>
    /// <param name="subclass">For reports.</param>
    /// <param name="value">What the failed fast path saw.</param>
    /// <returns>As <see cref="Take"/>.</returns>
    /// <remarks>Context: preemption off.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint TakeSlow<TCpu>(TCpu cpu, int subclass, uint value) where TCpu : struct, ICpu
    {
        cpu.LockContended(at, lockClass, subclass, LockMode.Exclusive);
        if (value == Pending)
        {
            // The pending one is taking over at this moment: look again before giving up its place for the queue.
            // Relaxed: the word only decides where to wait.
            value = cpu.ReadOnce(Value);
        }

        return (value & ~LockedMask) == 0 && TryPending(cpu) ? 0 : Queue(cpu);
    }

    // One waiter needs no node: it announces itself in the word and polls it.
    private bool TryPending<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Acquire: when the lock turns out to be free, this is the access that took it over from its last holder.
        uint value = TRule.AcquiresAsPending
            ? cpu.FetchOrAcquire(Value, Pending) : cpu.FetchOrRelaxed(Value, Pending);
        if ((value & ~LockedMask) != 0)
        {
            if ((value & Pending) == 0)
            {
                // We set it, but a queue formed before: only our own announcement may be taken back.
                // Relaxed: nothing was read or written under it.
                if (TRule.TakesBackPendingOnly)
                {
                    cpu.WriteOnce(PendingByte, (byte)0);
                }
                else
                {
                    cpu.WriteOnce(LockedPending, (ushort)0);
                }
            }

            return false;
        }

        if ((value & LockedMask) != 0)
        {
            do
            {
                // Ended by the holder's release. Nobody else takes the lock meanwhile: pending goes first.
                cpu.WaitForClear(LockedByte, (byte)LockedMask);
            }
            while (IsHeld(cpu));
        }

        if (!TRule.TakesOverAtOnce)
        {
            cpu.WriteOnce(PendingByte, (byte)0);
        }

        // One store takes the lock and gives pending up, so no third party sees both clear. Relaxed: the acquire above
        // has ordered us behind the last holder, and nothing is published.
        cpu.WriteOnce(LockedPending, (ushort)Locked);
        return true;
    }

    // Acquire, pairs with the release of LockedByte in Give.
    private bool IsHeld<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => (TRule.AcquiresAsPending ? cpu.LoadAcquire(LockedByte) : cpu.ReadOnce(LockedByte)) != 0;

    private uint Queue<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        var area = new PerCpuArea(cpu.PerCpu(cpu.Id));

        // Counted before the node is touched: an interrupt that comes now takes the next one.
        uint level = cpu.Read(area.Mcs.Count);
        cpu.Write(area.Mcs.Count, level + 1);
        uint before = 0;
        if (level >= PerCpuArea.McsNodes)
        {
            // More levels than the kernel has contexts: no node is left, so it spins without one.
            while (!TryTake(cpu))
            {
                cpu.WaitForClear(Value, uint.MaxValue);
            }
        }
        else
        {
            before = QueueWith(cpu, area.McsAt(level), level);
        }

        cpu.Write(area.Mcs.Count, level);
        return before;
    }

    private uint QueueWith<TCpu>(TCpu cpu, McsNode node, uint level) where TCpu : struct, ICpu
    {
        if (TRule.ClearsNodeFirst)
        {
            Clear(cpu, node);
        }

        // The line of the node may have taken a while to come: the lock may be free by now.
        if (TryTake(cpu))
        {
            return 0;
        }

        // Pairs with the dependency from Tail to the node's address in the CPU that queues behind us: it must not see
        // the node as it was before we cleared it.
        if (TRule.FencesNode)
        {
            cpu.WriteFence();
        }

        uint tail = TailOf(cpu.Id, level);
        ushort before = cpu.ExchangeRelaxed(Tail, (ushort)(tail >> TailShift));
        if (!TRule.ClearsNodeFirst)
        {
            Clear(cpu, node);
        }

        if (before != 0)
        {
            QueueBehind(cpu, before, node);
        }

        TakeAsHead(cpu, node, tail);
        return (uint)before >> TailLevelBits;
    }

    // Plain: nobody can reach the node before its tail is in the word.
    private static void Clear<TCpu>(TCpu cpu, McsNode node) where TCpu : struct, ICpu
    {
        cpu.Write(node.Locked, 0u);
        cpu.Write(node.Next, 0);
    }

    // Waits to be the head.
    private static void QueueBehind<TCpu>(TCpu cpu, ushort before, McsNode node) where TCpu : struct, ICpu
    {
        // Relaxed: the node was ordered by the fence in QueueWith; its predecessor only needs the address. We write behind
        // the predecessor's own clearing, as where we write depends on its tail.
        var area = new PerCpuArea(cpu.PerCpu((before >> TailLevelBits) - 1));
        cpu.WriteOnce(area.McsAt(before & (PerCpuArea.McsNodes - 1)).Next, node.Address);
        if (!TRule.WaitsForHandOver)
        {
            return;
        }

        do
        {
            // Ended by the CPU before us when it becomes the holder.
            cpu.WaitWhile(node.Locked, 0u);
        }
        while (cpu.LoadAcquire(node.Locked) == 0); // Acquire, pairs with the release of Locked in HandOver.
    }

    private void TakeAsHead<TCpu>(TCpu cpu, McsNode node, uint tail) where TCpu : struct, ICpu
    {
        uint busy = TRule.YieldsToPending ? LockedPendingMask : LockedMask;
        uint value = LoadAsHead(cpu);
        while ((value & busy) != 0)
        {
            // Ended by the holder, and by the pending one, who goes before us.
            cpu.WaitForClear(Value, busy);
            value = LoadAsHead(cpu);
        }

        if (!TRule.KeepsLaterTail)
        {
            cpu.WriteOnce(Value, Locked);
            return;
        }

        // The last of the queue takes its tail away with it. Relaxed: the acquire above has ordered us.
        if ((value & TailMask) == tail && cpu.CompareExchangeRelaxed(Value, value, Locked) == value)
        {
            return;
        }

        // Somebody queued behind us, so nobody else touches this byte: pending is refused while there is a tail.
        cpu.WriteOnce(LockedByte, (byte)Locked);
        HandOver(cpu, node);
    }

    // Acquire, pairs with the release of LockedByte by the last holder.
    private uint LoadAsHead<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => TRule.AcquiresAsHead ? cpu.LoadAcquire(Value) : cpu.ReadOnce(Value);

    private static void HandOver<TCpu>(TCpu cpu, McsNode node) where TCpu : struct, ICpu
    {
        nint next = cpu.ReadOnce(node.Next);
        while (next == 0)
        {
            // Ended by the CPU behind us: it has exchanged the tail and is about to link itself.
            cpu.WaitWhile(node.Next, 0);
            next = cpu.ReadOnce(node.Next);
        }

        // Release, pairs with the acquire of Locked in QueueBehind: the new head sees what we saw of the word.
        if (TRule.ReleasesHandOver)
        {
            cpu.StoreRelease(new McsNode(next).Locked, 1u);
        }
        else
        {
            cpu.WriteOnce(new McsNode(next).Locked, 1u);
        }
    }

    private static uint TailOf(int cpu, uint level)
        => (((uint)(cpu + 1) << TailLevelBits) | level) << TailShift;
}
