using Stress.Machine;

namespace Stress.Locks;

/// <summary>Tasks to be woken once a lock has been dropped: <c>struct wake_q_head</c>, by its first and last.</summary>
/// <remarks>
/// A value on the caller's stack; the links are in the tasks. A task can be in one queue only: who finds it queued
/// leaves the wakeup to the other, which is sound only if what the task waits for was made true before.
/// Not modelled: references to tasks, which here outlive the run.
/// Source: <c>wake_q_add</c>, <c>wake_up_q</c>, kernel/sched/core.c, v6.12.
/// </remarks>
/// <param name="first">Address of the first task; 0 when empty.</param>
/// <param name="last">Address of the last task.</param>
public readonly partial struct WakeQueue(nint first, nint last)
{
    // The kernel has a link of its own in the task for this: the last 8 bytes of the room for lock waiters are it.
    private const int LinkOffset = 56;
    private const nint End = 1;

    /// <summary>Whether nobody is queued.</summary>
    public bool IsEmpty => first == 0;

    /// <summary>Queues a task, unless it is in a queue already.</summary>
    /// <returns>The queue with the task.</returns>
    public WakeQueue Add<TCpu>(TCpu cpu, TaskStruct task) where TCpu : struct, ICpu
    {
        // Fully ordered also when it fails, as the fence before it says: what the task waits for was written before
        // the other queue's owner wakes it. Pairs with the barrier in PrepareToPark.
        cpu.FullFence();
        if (cpu.CompareExchangeRelaxed(Link(task), 0, End) != 0)
        {
            return this;
        }

        if (first == 0)
        {
            return new WakeQueue(task.Address, task.Address);
        }

        // Relaxed: the queue is the caller's own.
        cpu.WriteOnce(Link(new TaskStruct(last)), task.Address);
        return new WakeQueue(first, task.Address);
    }

    /// <summary>Wakes all, in the order in which they were queued.</summary>
    public void WakeUp<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint at = first;
        while (at > End)
        {
            var task = new TaskStruct(at);

            // Relaxed: from here on another queue may take the task; Unpark is a full barrier.
            at = cpu.ReadOnce(Link(task));
            cpu.WriteOnce(Link(task), 0);
            cpu.Unpark(task);
        }
    }

    private static AtomicPtr Link(TaskStruct task) => new(task.Waiter + LinkOffset);
}
