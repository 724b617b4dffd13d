using Stress.Machine;

namespace Stress.Locks;

/// <summary>Queue of the tasks that spin for a sleeping lock: <c>struct optimistic_spin_queue</c>. Can be left.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by            read by
///      0      4  Tail   spinners, atomically  spinners
/// </code>
/// Tail is 0 when free, else the number of the last spinner's CPU, plus 1. One node for each CPU is enough, as users spin
/// with preemption off and never in an interrupt. Unlike a spin lock, a spinner gives up when its CPU is wanted.
/// The algorithm is <see cref="OptimisticSpinQueueCore{TRule}"/>.
/// Not modelled: a hypervisor's preempted virtual CPUs.
/// Source: kernel/locking/osq_lock.c, v6.12.
/// </remarks>
public readonly partial struct OptimisticSpinQueue(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The last spinner's CPU, plus 1.</summary>
    public AtomicU32 Tail => new(at);

    private OptimisticSpinQueueCore<UpstreamSpinQueue> Core => new(at);

    /// <summary>Makes an empty queue.</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Write(Tail, 0u);

    /// <summary>Waits to be the one that spins on the lock: <c>osq_lock</c>.</summary>
    /// <returns>False when the CPU was wanted first; the queue is left then.</returns>
    /// <remarks>Context: preemption off.</remarks>
    public bool Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Core.Acquire(cpu);

    /// <summary>Lets the next one spin: <c>osq_unlock</c>.</summary>
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Core.Release(cpu);
}
