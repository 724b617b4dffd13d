namespace Stress.Machine;

/// <summary>What the kernel knows of one task: the part of <c>struct task_struct</c> that locking needs.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by                       read by
///      0      4  State       the task; a waker                the task, wakers
///      4      4  OnCpu       the machine                      optimistic spinners
///      8      4  Number      the machine, once                anybody
///     12      4  Cpu         the machine                      anybody
///     16      4  RcuNesting  the task                         grace periods
///     64     64  Waiter      see the lock that it waits for   wakers
///    128    128  Scratch     the task (its kernel stack)      whoever it lends it to
/// </code>
/// The memory belongs to the machine and outlives the run. Its address is what lock owner words hold.
/// </remarks>
public readonly struct TaskStruct(nint at) : IHandle
{
    /// <summary>Value of <see cref="State"/> while the task may run (<c>TASK_RUNNING</c>).</summary>
    public const uint Running = 0;

    /// <summary>Value of <see cref="State"/> once the task has said that it will sleep (<c>TASK_UNINTERRUPTIBLE</c>).
    /// </summary>
    public const uint Uninterruptible = 2;

    /// <inheritdoc/>
    public static int Bytes => 256;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Whether it runs or sleeps (<c>__state</c>).</summary>
    public AtomicU32 State => new(at);

    /// <summary>1 while it is on a CPU, 0 while it sleeps (<c>on_cpu</c>).</summary>
    public AtomicU32 OnCpu => new(at + 4);

    /// <summary>Its number among the tasks of the run, from 0.</summary>
    public PlainU32 Number => new(at + 8);

    /// <summary>The CPU that it runs on.</summary>
    public PlainU32 Cpu => new(at + 12);

    /// <summary>Depth and generation of its RCU read section; see the RCU of the lock library.</summary>
    public AtomicU32 RcuNesting => new(at + 16);

    /// <summary>Room for the wait-list entry of the one lock it can wait for: the kernel keeps it on the stack.</summary>
    public nint Waiter => at + 64;

    /// <summary>Room for other variables of the kernel stack that are shared while their function runs.</summary>
    public nint Scratch => at + 128;
}
