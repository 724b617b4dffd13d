using Stress.Machine;

namespace Stress.Locks;

/// <summary>Part of an object that lets it wait for a grace period: <c>struct rcu_head</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by                         read by
///      0      8  Next      Rcu.Call; whoever takes a batch    whoever takes a batch
///      8      8  Function  Rcu.Call                           the worker that runs the batch
/// </code>
/// </remarks>
public readonly struct RcuHead(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 16;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The callback behind this one; 0 for the last.</summary>
    public AtomicPtr Next => new(at);

    /// <summary>What is to be done: a number that the worker knows.</summary>
    public PlainU64 Function => new(at + 8);
}
