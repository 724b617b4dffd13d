using Stress.Machine;

namespace Stress.Locks;

/// <summary>A CPU's place in the queue of a spin lock: <c>struct mcs_spinlock</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by                   read by
///      0      8  Next    the CPU behind it            the CPU
///      8      4  Locked  the CPU before it            the CPU
///     12      4  Count   the CPU; in node 0 only      the CPU
/// </code>
/// The four nodes of a CPU fill one cache line. Source: kernel/locking/mcs_spinlock.h, v6.12.
/// </remarks>
public readonly struct McsNode(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 16;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The node behind this one; 0 while there is none, or it has not linked itself yet.</summary>
    public AtomicPtr Next => new(at);

    /// <summary>1 once this node is the head of the queue.</summary>
    public AtomicU32 Locked => new(at + 8);

    /// <summary>Nesting levels in use on this CPU.</summary>
    public PlainU32 Count => new(at + 12);
}
