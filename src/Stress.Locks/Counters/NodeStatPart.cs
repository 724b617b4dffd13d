using Stress.Machine;

namespace Stress.Locks;

/// <summary>One CPU's part of a node's counter: <c>struct per_cpu_nodestat</c>, cut down to one item.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by               read by
///      0      1  Threshold  Initialize               the CPU
///      1      1  Diff       the CPU; whoever folds   the CPU; whoever folds or takes a snapshot
/// </code>
/// </remarks>
public readonly struct NodeStatPart(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 2;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>What Diff may not exceed, in absolute terms: 0 to 125.</summary>
    public PlainS8 Threshold => new(at);

    /// <summary>What the CPU has counted and not yet folded.</summary>
    public Atomic<sbyte> Diff => new(at + 1);
}
