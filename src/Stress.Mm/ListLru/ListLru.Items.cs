using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct ListLru<TRule>
{
    /// <summary>Appends an object to its owner's list, unless it is on one (<c>list_lru_add_obj</c>).</summary>
    /// <returns>Whether it was added.</returns>
    /// <remarks>Context: atomic; the caller may use the object, and usually holds its lock.</remarks>
    public bool AddObject<TCpu>(TCpu cpu, LruObject item) where TCpu : struct, ICpu
    {
        cpu.Enter("list_lru_add_obj");
        if (TRule.ResolvesUnderRcu)
        {
            cpu.RcuReadLock();
        }

        MemCgroup memcg = new ObjCgroup(cpu.Read(item.Objcg)).Owner(cpu);
        bool isAdded = Add(cpu, item.Lru, (int)cpu.Read(item.Nid), memcg);
        if (TRule.ResolvesUnderRcu)
        {
            cpu.RcuReadUnlock();
        }

        cpu.Leave(isAdded ? 1 : 0);
        return isAdded;
    }

    /// <summary>Takes an object off its list, if it is on one (<c>list_lru_del_obj</c>).</summary>
    /// <returns>Whether it was on a list.</returns>
    /// <remarks>Context: as <see cref="AddObject"/>.</remarks>
    public bool DeleteObject<TCpu>(TCpu cpu, LruObject item) where TCpu : struct, ICpu
    {
        cpu.Enter("list_lru_del_obj");
        if (TRule.ResolvesUnderRcu)
        {
            cpu.RcuReadLock();
        }

        MemCgroup memcg = new ObjCgroup(cpu.Read(item.Objcg)).Owner(cpu);
        bool isDeleted = Delete(cpu, item.Lru, (int)cpu.Read(item.Nid), memcg);
        if (TRule.ResolvesUnderRcu)
        {
            cpu.RcuReadUnlock();
        }

        cpu.Leave(isDeleted ? 1 : 0);
        return isDeleted;
    }

    /// <summary>Appends an item to the list of a group, unless it is on one (<c>list_lru_add</c>).</summary>
    /// <param name="memcg">The owner, which has lists; at 0 for none.</param>
    /// <returns>Whether it was added.</returns>
    public bool Add<TCpu>(TCpu cpu, ListHead item, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Enter("list_lru_add", nid);
        bool isAdded = TRule.HasListLocks ? AddToList(cpu, item, nid, memcg) : AddOnNode(cpu, item, nid, memcg);
        cpu.Leave(isAdded ? 1 : 0);
        return isAdded;
    }

    /// <summary>Takes an item off the list that it is on, if any (<c>list_lru_del</c>).</summary>
    /// <param name="memcg">The owner; at 0 for none.</param>
    /// <returns>Whether it was on a list.</returns>
    public bool Delete<TCpu>(TCpu cpu, ListHead item, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Enter("list_lru_del", nid);
        bool isDeleted = TRule.HasListLocks
            ? DeleteFromList(cpu, item, nid, memcg)
            : DeleteOnNode(cpu, item, nid, memcg);
        cpu.Leave(isDeleted ? 1 : 0);
        return isDeleted;
    }

    private static bool IsOnList<TCpu>(TCpu cpu, ListHead item) where TCpu : struct, ICpu
        => cpu.Read(item.Next) != item.Address;

    private bool AddOnNode<TCpu>(TCpu cpu, ListHead item, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        LockNode(cpu, nid);
        bool isAdded = !IsOnList(cpu, item);
        if (isAdded)
        {
            // Read under the lock, so that it cannot be older than the lists' last move.
            ListLruOne one = FromIndex(cpu, nid, memcg.Id(cpu));
            Append(cpu, one, item, nid, memcg);
            cpu.Write(Node(nid).NrItems, cpu.Read(Node(nid).NrItems) + 1);
        }

        UnlockNode(cpu, nid);
        return isAdded;
    }

    private bool AddToList<TCpu>(TCpu cpu, ListHead item, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        (ListLruOne one, MemCgroup owner) = LockListOf(cpu, nid, memcg, skipsEmpty: false);
        bool isAdded = !IsOnList(cpu, item);
        if (isAdded)
        {
            Append(cpu, one, item, nid, TRule.MarksListOwner ? owner : memcg);
        }

        one.Lock.Release(cpu);
        if (isAdded)
        {
            // Relaxed: a count orders nothing.
            cpu.FetchAddRelaxed(Node(nid).NrItems, 1L);
        }

        return isAdded;
    }

    private static void Append<TCpu>(TCpu cpu, ListLruOne one, ListHead item, int nid, MemCgroup marked)
        where TCpu : struct, ICpu
    {
        one.List.AddBefore(cpu, item);
        if (one.Count(cpu, 1) == 0)
        {
            marked.SetShrinkerBit(cpu, nid);
        }
    }

    private bool DeleteOnNode<TCpu>(TCpu cpu, ListHead item, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        LockNode(cpu, nid);
        bool isDeleted = IsOnList(cpu, item);
        if (isDeleted)
        {
            // The list that is counted may be the parent's while the item is still on the child's: one lock is
            // held for both, and their counts will be added up.
            FromIndex(cpu, nid, memcg.Id(cpu)).Isolate(cpu, item);
            cpu.Write(Node(nid).NrItems, cpu.Read(Node(nid).NrItems) - 1);
        }

        UnlockNode(cpu, nid);
        return isDeleted;
    }

    private bool DeleteFromList<TCpu>(TCpu cpu, ListHead item, int nid, MemCgroup memcg) where TCpu : struct, ICpu
    {
        (ListLruOne one, _) = LockListOf(cpu, nid, memcg, skipsEmpty: false);
        bool isDeleted = IsOnList(cpu, item);
        if (isDeleted)
        {
            one.Isolate(cpu, item);
        }

        one.Lock.Release(cpu);
        if (isDeleted)
        {
            // Relaxed: a count orders nothing.
            cpu.FetchAddRelaxed(Node(nid).NrItems, -1L);
        }

        return isDeleted;
    }
}
