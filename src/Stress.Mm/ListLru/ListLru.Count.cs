using System;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct ListLru<TRule>
{
    /// <summary>Items of a group on a node, without a lock (<c>list_lru_count_one</c>).</summary>
    /// <returns>At least 0.</returns>
    public long CountOne<TCpu>(TCpu cpu, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Enter("list_lru_count_one", nid);
        long count = CountIndex(cpu, nid, memcg.Id(cpu));
        cpu.Leave(count);
        return count;
    }

    /// <summary>Items of all groups on a node (<c>list_lru_count_node</c>).</summary>
    /// <param name="ids">How many ids there are.</param>
    public long CountNode<TCpu>(TCpu cpu, int nid, int ids) where TCpu : struct, ICpu
    {
        cpu.Enter("list_lru_count_node", nid);
        long count = TRule.CountsNodeTotal ? cpu.ReadOnce(Node(nid).NrItems) : SumRootFirst(cpu, nid, ids);
        cpu.Leave(count);
        return count;
    }

    /// <summary>Adds up the counts of the lists of a node without a lock, the highest id first, the node's own list
    /// last: what moves to a parent meanwhile may be counted twice, but never be missed, if the groups with higher ids
    /// are below.</summary>
    /// <param name="ids">How many ids there are.</param>
    /// <remarks>In no kernel: it is what a reader of single counts may rely on.</remarks>
    public long SumLeavesFirst<TCpu>(TCpu cpu, int nid, int ids) where TCpu : struct, ICpu
    {
        cpu.Enter("sum_leaves_first", nid);
        long sum = 0;
        for (int id = ids - 1; id >= MemCgroup.NoId; id--)
        {
            sum += CountIndex(cpu, nid, id);
        }

        cpu.Leave(sum);
        return sum;
    }

    // A list that was moved and not freed yet counts as empty.
    private long CountIndex<TCpu>(TCpu cpu, int nid, int id) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        ListLruOne one = FromIndex(cpu, nid, id);

        // Relaxed: a hint for the shrinker.
        long count = one.Address == 0 ? 0 : cpu.ReadOnce(one.NrItems);
        cpu.RcuReadUnlock();
        return Math.Max(count, 0);
    }

    // As before the node had a count: each list under the lock, which is free in between.
    private long SumRootFirst<TCpu>(TCpu cpu, int nid, int ids) where TCpu : struct, ICpu
    {
        long sum = 0;
        for (int id = MemCgroup.NoId; id < ids; id++)
        {
            LockNode(cpu, nid);
            ListLruOne one = FromIndex(cpu, nid, id);
            sum += one.Address == 0 ? 0 : cpu.Read(one.NrItems);
            UnlockNode(cpu, nid);
        }

        return sum;
    }
}
