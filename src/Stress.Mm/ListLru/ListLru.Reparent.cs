using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct ListLru<TRule>
{
    /// <summary>Moves all items of an id to the lists of the parent, and frees the lists
    /// (<c>memcg_reparent_list_lru</c>; until v5.17 <c>memcg_drain_list_lru</c>).</summary>
    /// <param name="rcu">Whose worker frees lists.</param>
    /// <param name="id">The group's id while it was online.</param>
    /// <param name="parent">Who gets the items.</param>
    /// <remarks>Context: list_lrus_mutex.</remarks>
    public void Reparent<TCpu>(TCpu cpu, Rcu rcu, int id, MemCgroup parent) where TCpu : struct, ICpu
    {
        cpu.Enter("memcg_reparent_list_lru", id);
        if (TRule.HasListLocks)
        {
            ReparentLists(cpu, rcu, id, parent);
        }
        else
        {
            int nodes = cpu.Read(NodeCount);
            for (int nid = 0; nid < nodes; nid++)
            {
                ReparentNode(cpu, nid, id, parent);
            }

            if (!TRule.IsEager)
            {
                FreeLists(cpu, rcu, TakeSlot(cpu, id));
            }
        }

        cpu.Leave();
    }

    // memcg_reparent_list_lru_one, until v6.12: whoever used the old id under the lock is done before us.
    private void ReparentNode<TCpu>(TCpu cpu, int nid, int id, MemCgroup parent) where TCpu : struct, ICpu
    {
        ListLruNode node = Node(nid);
        cpu.RcuReadLock();
        node.Lock.AcquireIrq(cpu);
        ListLruOne source = FromIndex(cpu, nid, id);
        if (source.Address != 0)
        {
            Move(cpu, source, FromIndex(cpu, nid, parent.Id(cpu)), nid, parent);
        }

        node.Lock.ReleaseIrq(cpu);
        cpu.RcuReadUnlock();
    }

    private static void Move<TCpu>(TCpu cpu, ListLruOne source, ListLruOne target, int nid, MemCgroup parent)
        where TCpu : struct, ICpu
    {
        source.List.SpliceInto(cpu, target.List);
        source.List.Initialize(cpu);
        long items = cpu.Read(source.NrItems);
        if (items == 0)
        {
            return;
        }

        // Counts are read without the lock: in this order items are seen twice for a moment, and never not at all. The
        // kernel writes them plainly; marked, so that a reader may come between.
        if (!TRule.AddsBeforeZeroing)
        {
            cpu.WriteOnce(source.NrItems, 0L);
        }

        cpu.WriteOnce(target.NrItems, cpu.Read(target.NrItems) + items);
        parent.SetShrinkerBit(cpu, nid);
        if (TRule.AddsBeforeZeroing)
        {
            cpu.WriteOnce(source.NrItems, 0L);
        }
    }

    // v6.13 and later. The group is marked as dying, so that a slot that was read or cleared under the lock is the
    // last one.
    private void ReparentLists<TCpu>(TCpu cpu, Rcu rcu, int id, MemCgroup parent) where TCpu : struct, ICpu
    {
        ListLruMemcg lists = TRule.DrainsBeforeClearing ? PeekSlot(cpu, id) : TakeSlot(cpu, id);
        if (lists.Address == 0)
        {
            return;
        }

        int nodes = cpu.Read(NodeCount);
        for (int nid = 0; nid < nodes; nid++)
        {
            MoveAndBury(cpu, lists.Node(nid), nid, parent);
        }

        if (TRule.DrainsBeforeClearing)
        {
            TakeSlot(cpu, id);
        }

        FreeLists(cpu, rcu, lists);
    }

    // memcg_reparent_list_lru_one, v6.13: the child's lock, then the parent's.
    private void MoveAndBury<TCpu>(TCpu cpu, ListLruOne source, int nid, MemCgroup parent) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        source.Lock.AcquireIrq(cpu);
        ListLruOne target = FromIndex(cpu, nid, parent.Id(cpu));
        target.Lock.Acquire(cpu, subclass: 1);
        source.List.SpliceInto(cpu, target.List);
        source.List.Initialize(cpu);
        long items = cpu.Read(source.NrItems);
        if (items != 0)
        {
            cpu.WarnOn(items < 0, "WARN_ON(src->nr_items < 0)");
            target.Count(cpu, items);
            parent.SetShrinkerBit(cpu, nid);
        }

        // Plain: whoever waits for the lock reads it under it.
        cpu.Write(source.NrItems, ListLruOne.Dead);
        target.Lock.Release(cpu);
        source.Lock.ReleaseIrq(cpu);
        cpu.RcuReadUnlock();
    }

    private ListLruMemcg PeekSlot<TCpu>(TCpu cpu, int id) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        ListLruMemcg lists = new(cpu.Read(new ListLruArray(cpu.Read(MemcgLrus)).Slot(id)));
        Lock.ReleaseIrq(cpu);
        return lists;
    }

    // xa_erase_irq
    private ListLruMemcg TakeSlot<TCpu>(TCpu cpu, int id) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        AtomicPtr slot = new ListLruArray(cpu.Read(MemcgLrus)).Slot(id);
        ListLruMemcg lists = new(cpu.Read(slot));

        // Relaxed: readers who still find the lists may use them until their section ends.
        cpu.WriteOnce(slot, 0);
        Lock.ReleaseIrq(cpu);
        return lists;
    }

    private static void FreeLists<TCpu>(TCpu cpu, Rcu rcu, ListLruMemcg lists) where TCpu : struct, ICpu
    {
        if (lists.Address != 0)
        {
            rcu.Call(cpu, lists.Rcu, MemcgCallback.FreeLists);
        }
    }
}
