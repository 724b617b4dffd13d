namespace Stress.Machine;

/// <summary>What a processor knows without touching shared memory, and what it is told for reports.</summary>
/// <remarks>None of these takes a turn or can be interleaved; the twins call them as the methods do.</remarks>
public interface ICpuContext
{
    /// <summary>Number of this CPU, from 0 to <see cref="CpuCount"/> less one. Two tasks may share one.</summary>
    int Id { get; }

    /// <summary>Number of the running task, from 0.</summary>
    int Task { get; }

    /// <summary>How many CPUs the machine has.</summary>
    int CpuCount { get; }

    /// <summary>How many tasks the machine has; <see cref="TaskAt"/> takes 0 to this less one.</summary>
    int TaskCount { get; }

    /// <summary>The running task (<c>current</c>).</summary>
    TaskStruct Current { get; }

    /// <summary>Whether locks are to be taken as a whole, in one access, instead of by their real algorithm.</summary>
    /// <remarks>Constant during a run; false on the native machine.</remarks>
    bool HasAtomicLocks { get; }

    /// <summary>Whether the running task has a real-time priority (<c>rt_task</c>).</summary>
    /// <remarks>Constant for a task; false on the native machine.</remarks>
    bool IsRealTime { get; }

    /// <summary>A task by its number.</summary>
    TaskStruct TaskAt(int task);

    /// <summary>The per-CPU area of a CPU: <see cref="PerCpuBytes"/> zeroed bytes on lines of their own.</summary>
    /// <param name="cpu">From 0 to <see cref="CpuCount"/> less one.</param>
    nint PerCpu(int cpu);

    /// <summary>Size of each per-CPU area, in bytes.</summary>
    const int PerCpuBytes = 1024;

    /// <summary>Says that the task will now wait for a lock that it could not get at once.</summary>
    /// <param name="at">Address of the lock.</param>
    /// <param name="lockClass">Its class.</param>
    /// <param name="subclass">0 to 7; nested locks of one class differ in it.</param>
    /// <param name="mode">How it is wanted.</param>
    void LockContended(nint at, LockClass lockClass, int subclass, LockMode mode);

    /// <summary>Says that the task holds a lock from now on; ends the wait that <see cref="LockContended"/> began.</summary>
    /// <param name="at">Address of the lock.</param>
    /// <param name="lockClass">Its class.</param>
    /// <param name="subclass">0 to 7; nested locks of one class differ in it.</param>
    /// <param name="mode">How it is held.</param>
    /// <param name="isTry">Whether it was only tried: such a lock cannot wait and adds no order before itself.</param>
    void LockAcquired(nint at, LockClass lockClass, int subclass, LockMode mode, bool isTry = false);

    /// <summary>Says that the task gives up a lock; called before the access that makes it free.</summary>
    void LockReleased(nint at);

    /// <summary>Says that an operation of the model begins; it ends with the matching <see cref="Leave()"/>.</summary>
    /// <param name="operation">A constant: the kernel function's name.</param>
    void Enter(string operation);

    /// <inheritdoc cref="Enter(string)"/>
    /// <param name="operation">A constant: the kernel function's name.</param>
    /// <param name="a">First argument, for the report.</param>
    void Enter(string operation, long a);

    /// <inheritdoc cref="Enter(string)"/>
    /// <param name="operation">A constant: the kernel function's name.</param>
    /// <param name="a">First argument, for the report.</param>
    /// <param name="b">Second argument, for the report.</param>
    void Enter(string operation, long a, long b);

    /// <summary>Says that the innermost operation has ended.</summary>
    void Leave();

    /// <summary>Says that the innermost operation has ended.</summary>
    /// <param name="result">What it returns, for the report.</param>
    void Leave(long result);

    /// <summary>Says what the run found in a register: part of the outcome that <see cref="OutcomeTable"/> grades.
    /// Native: ignored, as there is no end of a run to grade.</summary>
    /// <param name="register">A constant: the register's name, without spaces.</param>
    /// <param name="value">Its value; the last one told stands.</param>
    void Observe(string register, long value);

    /// <summary>Zeroes a page (<c>clear_page</c>) that only the running task can reach; before it is published, so no
    /// access of others can be ordered with it.</summary>
    /// <param name="page">Its first byte, of <see cref="PageBytes"/>; 0 where the model keeps no contents of pages: then
    /// only a machine that counts time does anything.</param>
    void ClearPage(nint page);

    /// <summary>Size of a page, in bytes.</summary>
    const int PageBytes = 4096;

    /// <summary>Gives memory a name for reports. Objects of a slab cache have one already.</summary>
    /// <param name="handle">The memory; the properties of its type name the fields.</param>
    /// <param name="name">Such as <c>mm</c> or <c>resv</c>.</param>
    void Label<T>(T handle, string name) where T : struct, IHandle;
}
