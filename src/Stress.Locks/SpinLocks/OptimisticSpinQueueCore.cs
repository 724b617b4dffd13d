using Stress.Machine;

namespace Stress.Locks;

/// <summary>The algorithm of <see cref="OptimisticSpinQueue"/>, over the same memory.</summary>
/// <remarks>Source: kernel/locking/osq_lock.c, v6.12.</remarks>
/// <typeparam name="TRule">The version.</typeparam>
public readonly partial struct OptimisticSpinQueueCore<TRule>(nint at) : IHandle
    where TRule : struct, ISpinQueueRule
{
    /// <inheritdoc/>
    public static int Bytes => OptimisticSpinQueue.Bytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <inheritdoc cref="OptimisticSpinQueue.Tail"/>
    public AtomicU32 Tail => new(at);

    /// <inheritdoc cref="OptimisticSpinQueue.Acquire"/>
    public bool Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Plain: nobody can reach the node before its CPU is the tail.
        OsqNode node = NodeAt(cpu.PerCpu(cpu.Id));
        uint self = (uint)cpu.Id + 1;
        cpu.Write(node.Locked, 0u);
        cpu.Write(node.Next, 0);
        cpu.Write(node.Cpu, self);

        // Fully ordered: publishes the node, and sees that of the CPU before.
        uint before = cpu.Exchange(Tail, self);
        if (before == 0)
        {
            return true;
        }

        OsqNode previous = NodeAt(cpu.PerCpu((int)before - 1));
        cpu.WriteOnce(node.Prev, previous.Address);

        // Pairs with the exchange of Next by the CPU before: when it finds us, it may write our Prev, and must not be
        // overtaken by our own write.
        cpu.WriteFence();
        cpu.WriteOnce(previous.Next, node.Address);
        cpu.FetchAddRelease(previous.Events, 1u);

        // Relaxed: the queue orders nothing, the lock that is spun on does.
        while (cpu.ReadOnce(node.Locked) == 0)
        {
            if (cpu.NeedsResched())
            {
                return !Leave(cpu, node, self);
            }
        }

        return true;
    }

    /// <inheritdoc cref="OptimisticSpinQueue.Release"/>
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Release, pairs with the exchange of Tail in Acquire: the node may be used again.
        uint self = (uint)cpu.Id + 1;
        if (cpu.CompareExchangeRelease(Tail, self, 0u) == self)
        {
            return;
        }

        // Fully ordered: whoever is behind us and leaves at this moment finds that we have taken it.
        OsqNode node = NodeAt(cpu.PerCpu(cpu.Id));
        nint next = cpu.Exchange(node.Next, 0);
        if (next == 0)
        {
            next = StableNext(cpu, node, self, 0u);
        }

        if (next != 0)
        {
            Tell(cpu, new OsqNode(next));
        }
    }

    // Makes a node the head.
    private static void Tell<TCpu>(TCpu cpu, OsqNode next) where TCpu : struct, ICpu
    {
        cpu.WriteOnce(next.Locked, 1u);
        cpu.FetchAddRelease(next.Events, 1u);
    }

    // Takes the node out from between its neighbours; false when it became the head meanwhile.
    private bool Leave<TCpu>(TCpu cpu, OsqNode node, uint self) where TCpu : struct, ICpu
    {
        // First: the CPU before us must not hand over to us any more.
        nint previousAt = cpu.ReadOnce(node.Prev);
        while (true)
        {
            uint events = cpu.LoadAcquire(node.Events);
            if (cpu.CompareExchange(new OsqNode(previousAt).Next, node.Address, 0) == node.Address)
            {
                break;
            }

            // Acquire, pairs with the store of Locked in Tell: we are the head after all.
            if (cpu.LoadAcquire(node.Locked) != 0)
            {
                return false;
            }

            nint now = cpu.ReadOnce(node.Prev);
            if (now == previousAt)
            {
                // Ended by the CPU before us, which has taken its Next: it makes us the head, or leaves itself and
                // tells us who is before us now.
                cpu.WaitWhile(node.Events, events);
            }

            previousAt = cpu.ReadOnce(node.Prev);
        }

        // Second: the one behind us must neither leave nor come while it is linked to the one before.
        var previous = new OsqNode(previousAt);
        nint next = StableNext(cpu, node, self, cpu.Read(previous.Cpu));
        if (next == 0)
        {
            // We were the last, and the tail is theirs again.
            cpu.FetchAddRelease(previous.Events, 1u);
            return true;
        }

        // Third: the two become neighbours. Relaxed: each rereads these after a failed exchange.
        if (TRule.TellsNextOfPrevious)
        {
            cpu.WriteOnce(new OsqNode(next).Prev, previousAt);
        }

        cpu.WriteOnce(previous.Next, next);

        // After both: to leave, the one behind needs to find itself in the node before it.
        cpu.FetchAddRelease(new OsqNode(next).Events, 1u);
        cpu.FetchAddRelease(previous.Events, 1u);
        return true;
    }

    // osq_wait_next: the node behind this one, which cannot leave any more; 0 when there is none and the tail went back
    // to `before`.
    private nint StableNext<TCpu>(TCpu cpu, OsqNode node, uint self, uint before) where TCpu : struct, ICpu
    {
        while (true)
        {
            uint events = cpu.LoadAcquire(node.Events);

            // Acquire, pairs with the exchange of Tail by the one that was behind us and has left.
            if (cpu.ReadOnce(Tail) == self && cpu.CompareExchangeAcquire(Tail, self, before) == self)
            {
                return 0;
            }

            nint next = cpu.ReadOnce(node.Next);
            if (next != 0)
            {
                next = cpu.Exchange(node.Next, 0);
                if (next != 0)
                {
                    return next;
                }
            }

            // Ended by a CPU behind us: it links itself, or leaves and gives us the tail back.
            cpu.WaitWhile(node.Events, events);
        }
    }

    private static OsqNode NodeAt(nint area) => new PerCpuArea(area).Osq;
}
