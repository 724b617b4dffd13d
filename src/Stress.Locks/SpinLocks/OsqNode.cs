using Stress.Machine;

namespace Stress.Locks;

/// <summary>A CPU's place in a queue of optimistic spinners: <c>struct optimistic_spin_node</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by                                 read by
///      0      8  Next    the CPU behind it; the CPU                 the CPU; the CPU behind it
///      8      8  Prev    the CPU; the CPU before it, when leaving   the CPU
///     16      4  Locked  the CPU before it                          the CPU
///     20      4  Cpu     the CPU                                    the CPU behind it
///     24      4  Events  both neighbours, after each of the above   the CPU
/// </code>
/// Deviation: Events is not in the kernel, whose spinners poll several fields in turn. A model's wait names one cell,
/// so neighbours count here what they have changed.
/// Source: include/linux/osq_lock.h, v6.12.
/// </remarks>
public readonly struct OsqNode(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The node behind this one.</summary>
    public AtomicPtr Next => new(at);

    /// <summary>The node before this one.</summary>
    public AtomicPtr Prev => new(at + 8);

    /// <summary>1 once this node is the head of the queue.</summary>
    public AtomicU32 Locked => new(at + 16);

    /// <summary>Number of the CPU, plus 1: what the queue's tail holds for it.</summary>
    public PlainU32 Cpu => new(at + 20);

    /// <summary>How often a neighbour has changed something that the CPU may wait for.</summary>
    public AtomicU32 Events => new(at + 24);
}
