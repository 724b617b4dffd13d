using Stress.Machine;

namespace Stress.Locks;

/// <summary>A task's entry in a mutex's wait list: <c>struct mutex_waiter</c>. Lives in <see cref="TaskStruct.Waiter"/>.
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                 read by
///      0     16  Links  holder of WaitLock         holder of WaitLock
///     16      8  Task   the task, before it queues holder of WaitLock
/// </code>
/// </remarks>
public readonly struct MutexWaiter(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 24;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Its place in the list.</summary>
    public WaitList Links => new(at);

    /// <summary>The task that waits.</summary>
    public PlainPtr Task => new(at + 16);
}
