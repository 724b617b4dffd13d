using System.Diagnostics.CodeAnalysis;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>The update side of RCU: grace periods, and callbacks that wait for one.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by              read by
///      0      8  Callbacks  callers, the worker     callers, the worker
///      8     56  -          (the cell has its line to itself)
/// </code>
/// A grace period ends when every section that had begun before it has ended; one that begins later sees what was done
/// before it. Callbacks are a stack that is pushed without a lock and taken as a whole by one worker.
/// Deviations: one list, not one for each CPU; a grace period looks at tasks, not at CPUs; no expedited or batched
/// grace periods, and a callback runs in a worker task, never in an interrupt.
/// Source: <c>synchronize_rcu</c> and <c>call_rcu</c>, kernel/rcu/tree.c, v6.12 (contract only).
/// </remarks>
/// <param name="at">Address of the block.</param>
public readonly partial struct Rcu(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The callback queued last: its address, linked by <see cref="RcuHead.Next"/>; 0 when none.</summary>
    public AtomicPtr Callbacks => new(at);

    /// <summary>Makes it, with no callback.</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Write(Callbacks, 0);

    /// <summary>Waits until every read section that has begun by now has ended: <c>synchronize_rcu</c>.</summary>
    /// <remarks>Context: may wait; no lock that a reader takes inside a section. Called inside a read section it waits
    /// for itself, as in the kernel: an RCU stall.</remarks>
    [SuppressMessage("Performance", "CA1822", Justification = "Which state it needs is the instance's own affair.")]
    public void Synchronize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("synchronize_rcu");

        // Pairs with the program order between RcuReadLock's note and the section's reads: a section whose note is
        // not seen below began after this fence, so it sees all that the caller unlinked before.
        cpu.FenceEveryCpu();
        for (int task = 0; task < cpu.TaskCount; task++)
        {
            AwaitSection(cpu, cpu.TaskAt(task).RcuNesting);
        }

        // Pairs with the program order of every reader that was waited for: what it did in its section is over
        // before the caller frees anything.
        cpu.FenceEveryCpu();
        cpu.Leave();
    }

    /// <summary>Queues a callback to be run after a grace period, and does not wait: <c>call_rcu</c>,
    /// <c>kfree_rcu</c>.</summary>
    /// <param name="head">Part of the object; not queued already.</param>
    /// <param name="function">What is to be done: a number that the worker knows.</param>
    public void Call<TCpu>(TCpu cpu, RcuHead head, ulong function) where TCpu : struct, ICpu
    {
        cpu.Enter("call_rcu");
        cpu.Write(head.Function, function);

        // Relaxed: the address is only copied, and the exchange below notices when it is old.
        nint first = cpu.ReadOnce(Callbacks);
        nint before;
        do
        {
            before = first;

            // Plain: the head is ours until it is on the list.
            cpu.Write(head.Next, before);

            // Release, pairs with the exchange of Take: who takes the list sees what we wrote into the head.
            first = cpu.CompareExchangeRelease(Callbacks, before, head.Address);
        }
        while (first != before);

        cpu.Leave();
    }

    /// <summary>A worker's turn: waits for callbacks, and then for a grace period.</summary>
    /// <returns>The callback queued first, linked by <see cref="RcuHead.Next"/> in the order in which they were
    /// queued; 0 when nothing is left and the other tasks have ended.</returns>
    /// <remarks>Context: one worker for each <see cref="Rcu"/>. Callbacks of a batch may be run and freed in turn once
    /// their Next has been read.</remarks>
    public nint WaitForBatch<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (!cpu.WaitForWork(Callbacks, 0))
        {
            return 0;
        }

        nint batch = Take(cpu);
        Synchronize(cpu);
        return batch;
    }

    /// <summary>Takes what is still queued, without a grace period: for the end of a run, when nobody reads.</summary>
    /// <returns>As <see cref="WaitForBatch"/>; 0 when nothing is queued.</returns>
    public nint TakeAll<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Take(cpu);

    // Waits for the section that is open, if any; the same depth in a later generation is another section.
    private static void AwaitSection<TCpu>(TCpu cpu, AtomicU32 nesting) where TCpu : struct, ICpu
    {
        // Acquire, pairs with the release of RcuReadUnlock: the section's accesses are over.
        uint noted = cpu.LoadAcquire(nesting);
        uint generation = noted / RcuReadSide.Generation;
        while ((noted & RcuReadSide.DepthMask) != 0 && noted / RcuReadSide.Generation == generation)
        {
            // Ended by the reader: by its RcuReadUnlock, or by a nested section, after which we wait on.
            cpu.WaitWhile(nesting, noted);
            noted = cpu.LoadAcquire(nesting);
        }
    }

    private nint Take<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Fully ordered; its acquire half pairs with the release of Call, for the heads that are walked now.
        nint last = cpu.Exchange(Callbacks, 0);
        nint first = 0;
        while (last != 0)
        {
            // Pushed last, found first: turn the links round. Plain: nobody else has the list any more.
            AtomicPtr next = new RcuHead(last).Next;
            nint earlier = cpu.Read(next);
            cpu.Write(next, first);
            first = last;
            last = earlier;
        }

        return first;
    }
}
