using Stress.Machine;

namespace Stress.Locks;

/// <summary>A task's entry in a wait list: <c>struct rwsem_waiter</c>. Lives in <see cref="TaskStruct.Waiter"/>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by                             read by
///      0     16  Links       holder of WaitLock                     holder of WaitLock
///     16      8  Task        the task; who grants it, to 0          the task, without a lock
///     24      4  Type        the task, before it queues             holder of WaitLock
///     32      8  Timeout     the task, before it queues             holder of WaitLock
///     40      4  HandoffSet  holder of WaitLock                     holder of WaitLock; the task
/// </code>
/// Whoever grants it must not touch it once Task is 0: the task may be waiting for another lock by then.
/// </remarks>
public readonly struct RwSemaphoreWaiter(nint at) : IHandle
{
    /// <summary>Value of <see cref="Type"/>: waits to write.</summary>
    public const uint ForWrite = 0;

    /// <summary>Value of <see cref="Type"/>: waits to read.</summary>
    public const uint ForRead = 1;

    /// <inheritdoc/>
    public static int Bytes => 48;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Its place in the list.</summary>
    public WaitList Links => new(at);

    /// <summary>The task that waits; 0 once a reader has been granted the lock.</summary>
    public AtomicPtr Task => new(at + 16);

    /// <summary>What it waits for.</summary>
    public PlainU32 Type => new(at + 24);

    /// <summary>When it has waited too long.</summary>
    public PlainU64 Timeout => new(at + 32);

    /// <summary>1 once Handoff was raised in its favour. Plain, as in the kernel: the task itself may read an old 0 while
    /// another waiter writes it, and then merely sleeps instead of spinning.</summary>
    public PlainU32 HandoffSet => new(at + 40);
}
