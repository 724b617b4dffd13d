using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>A node's part of a list_lru (<c>struct list_lru_node</c>).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by                          read by
///      0      4  Lock     see QueuedSpinLock                  anybody (until v6.12)
///      8      8  NrItems  holder of Lock; since v6.13 anybody, atomically; read by anybody
///     16     32  Lru      see ListLruOne
/// </code>
/// It has a cache line of its own. Source: <c>include/linux/list_lru.h</c>, v6.12 and v6.18.
/// </remarks>
public readonly struct ListLruNode(nint at) : IHandle
{
    /// <summary>How many nodes there can be.</summary>
    public const int Max = 2;

    /// <summary>The bit of the one shrinker in <see cref="MemCgroup.ShrinkerMap"/>.</summary>
    public const ulong ShrinkerBit = 1;

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards all lists of the node, until v6.12.</summary>
    public QueuedSpinLock Lock => new(at, ListLruLocks.Node);

    /// <summary>Items on all lists of the node.</summary>
    public AtomicS64 NrItems => new(at + 8);

    /// <summary>The list of the root, and of objects without an owner.</summary>
    public ListLruOne Lru => new(at + 16);
}
