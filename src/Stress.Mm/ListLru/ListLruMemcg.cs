using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>The lists of one control group, one for each node (<c>struct list_lru_memcg</c>; in the series
/// <c>list_lru_per_memcg</c>).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                               read by
///      0     16  Rcu    whoever takes it out of its slot         the worker
///     16     64  Node   see ListLruOne: 32 bytes for each node
/// </code>
/// Source: <c>include/linux/list_lru.h</c>, v6.12.
/// </remarks>
public readonly partial struct ListLruMemcg(nint at) : IHandle
{
    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<ListLruMemcg>("list_lru_memcg");

    /// <inheritdoc/>
    public static int Bytes => 16 + (ListLruNode.Max * 32);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>For its end.</summary>
    public RcuHead Rcu => new(at);

    /// <summary>The list of the first node.</summary>
    public ListLruOne First => new(at + 16);

    /// <summary>The list of the second node.</summary>
    public ListLruOne Second => Node(1);

    /// <summary>The list of a node.</summary>
    public ListLruOne Node(int nid) => new(at + 16 + (nid * 32));

    /// <summary>Makes empty lists (<c>memcg_init_list_lru_one</c>).</summary>
    /// <returns>At 0 when there is no memory.</returns>
    public static ListLruMemcg Create<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ListLruMemcg made = new(cpu.Alloc(Cache));
        if (made.Address != 0)
        {
            for (int nid = 0; nid < ListLruNode.Max; nid++)
            {
                made.Node(nid).Initialize(cpu);
            }
        }

        return made;
    }
}
