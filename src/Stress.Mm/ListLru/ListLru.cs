using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>Objects that may be reclaimed, by node and control group, in the order of their use
/// (<c>struct list_lru</c>).</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field      written by                         read by
///      0     16  Link       holder of list_lrus_mutex          holder of list_lrus_mutex
///     16      4  Lock       see QueuedSpinLock                 anybody
///     20      4  NodeCount  once                               anybody
///     24      8  MemcgLrus  holder of Lock                     RCU readers
///     64     64  Node       see ListLruNode: 64 bytes for each
/// </code>
/// Invariants: an item is on one list at most, and is only touched under the lock of that list; a group that has lists
/// has ancestors that have lists; a slot whose id is free is empty, unless the rule is eager.
/// Deviations: an array of slots that never grows stands for the xarray of v6.1 and later, its lock for the
/// <c>xa_lock</c>; storing in it needs no memory, so the retry after -ENOMEM of the xarray is left out. An eager array
/// has a slot for all nodes, as the series makes it, not an array for each node as v5.17.
/// Not modelled: lists that know no groups, walks with interrupts off, walks over all lists of a node.
/// Source: <c>mm/list_lru.c</c>, v6.12 and the versions that <typeparamref name="TRule"/> names.
/// </remarks>
public readonly partial struct ListLru<TRule>(nint at) : IHandle
    where TRule : struct, IListLruRule
{
    /// <inheritdoc/>
    public static int Bytes => 64 + (ListLruNode.Max * 64);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Place among all list_lrus.</summary>
    public ListHead Link => new(at);

    /// <summary>Guards the slots; <c>xa_lock</c> since v6.1.</summary>
    public QueuedSpinLock Lock => new(at + 16, ListLruLocks.Lru);

    /// <summary>Nodes that it has lists for.</summary>
    public PlainS32 NodeCount => new(at + 20);

    /// <summary>The <see cref="ListLruArray"/>.</summary>
    public AtomicPtr MemcgLrus => new(at + 24);

    /// <summary>The first node's part.</summary>
    public ListLruNode FirstNode => new(at + 64);

    /// <summary>Slots that there are from the start.</summary>
    public static int InitialSlots => TRule.HasGrowingArray ? ListLruArray.FewSlots : ListLruArray.ManySlots;

    /// <summary>A node's part.</summary>
    public ListLruNode Node(int nid) => new(at + 64 + (nid * 64));

    /// <summary>Makes it, empty (<c>__list_lru_init</c>).</summary>
    /// <param name="nodes">1 to <see cref="ListLruNode.Max"/>.</param>
    /// <returns>Whether there was memory.</returns>
    public bool Initialize<TCpu>(TCpu cpu, int nodes) where TCpu : struct, ICpu
    {
        Link.Initialize(cpu);
        Lock.Initialize(cpu);
        cpu.Write(NodeCount, nodes);
        for (int nid = 0; nid < nodes; nid++)
        {
            Node(nid).Lock.Initialize(cpu);
            cpu.Write(Node(nid).NrItems, 0L);
            Node(nid).Lru.Initialize(cpu);
        }

        ListLruArray array = ListLruArray.Create(cpu, InitialSlots);
        cpu.Write(MemcgLrus, array.Address);
        return array.Address != 0 && (!TRule.IsEager || Fill(cpu, array, 0, InitialSlots));
    }

    /// <summary>Frees all lists (<c>list_lru_destroy</c>); they are empty, and nobody uses them.</summary>
    /// <param name="slots">Slots that there are.</param>
    public void Destroy<TCpu>(TCpu cpu, int slots) where TCpu : struct, ICpu
    {
        ListLruArray array = new(cpu.Read(MemcgLrus));
        FreeRange(cpu, array, slots);
        cpu.Free(ListLruArray.Cache(slots), array.Address);
    }

    // list_lru_from_memcg_idx: at 0 when there is no list. Context: a read section, for as long as it is used.
    private ListLruOne FromIndex<TCpu>(TCpu cpu, int nid, int id) where TCpu : struct, ICpu
    {
        if (id < 0)
        {
            return Node(nid).Lru;
        }

        // Both pair with the release that publishes: an array's slots, and the links of an empty list, are seen.
        ListLruArray array = new(cpu.Dereference(MemcgLrus));
        ListLruMemcg lists = new(cpu.Dereference(array.Slot(id)));
        return lists.Address == 0 ? default : lists.Node(nid);
    }

    // The lock of a node, until v6.12. In the kernel the region is an RCU read section, as preemption is off.
    private void LockNode<TCpu>(TCpu cpu, int nid) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        Node(nid).Lock.Acquire(cpu);
    }

    private void UnlockNode<TCpu>(TCpu cpu, int nid) where TCpu : struct, ICpu
    {
        Node(nid).Lock.Release(cpu);
        cpu.RcuReadUnlock();
    }

    // lock_list_lru_of_memcg: the list of a group, or of the nearest ancestor that still has one, locked.
    private (ListLruOne One, MemCgroup Owner) LockListOf<TCpu>(TCpu cpu, int nid, MemCgroup memcg, bool skipsEmpty)
        where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        while (true)
        {
            ListLruOne one = FromIndex(cpu, nid, memcg.Id(cpu));
            if (one.Address != 0 && LockAlive(cpu, one))
            {
                cpu.RcuReadUnlock();
                return (one, memcg);
            }

            if (skipsEmpty)
            {
                cpu.RcuReadUnlock();
                return default;
            }

            cpu.WarnOn(!memcg.IsDying(cpu), "VM_WARN_ON(!css_is_dying(&memcg->css))");
            memcg = new MemCgroup(cpu.Read(memcg.Parent));
        }
    }

    // lock_list_lru
    private static bool LockAlive<TCpu>(TCpu cpu, ListLruOne one) where TCpu : struct, ICpu
    {
        one.Lock.Acquire(cpu);

        // Relaxed: it is written under the lock that we hold.
        if (cpu.ReadOnce(one.NrItems) != ListLruOne.Dead)
        {
            return true;
        }

        one.Lock.Release(cpu);
        return false;
    }
}
