using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct MemcgSystem<TRule>
{
    /// <summary>Takes a group offline and gives its own reference back (<c>cgroup_destroy_locked</c>,
    /// <c>mem_cgroup_css_offline</c>).</summary>
    /// <param name="memcg">Online; nobody else takes it offline.</param>
    /// <returns>Whether it was: not while a child is online.</returns>
    /// <remarks>Context: may sleep. Deviation: <c>cgroup_mutex</c> is held throughout; the kernel drops it between the
    /// mark and the rest, which runs in a work item.</remarks>
    public bool Offline<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Enter("mem_cgroup_css_offline");
        CgroupMutex.Acquire(cpu);
        bool isAlone = cpu.Read(memcg.OnlineChildren) == 0;
        if (isAlone)
        {
            MemCgroup parent = new(cpu.Read(memcg.Parent));
            cpu.Write(parent.OnlineChildren, cpu.Read(parent.OnlineChildren) - 1);

            // Plain, as the other flags never change: installers of lists see it by lru->lock, which is taken after.
            cpu.Write(memcg.Flags, cpu.Read(memcg.Flags) | MemCgroup.Dying);
            OfflineKmem(cpu, memcg, parent);
        }

        CgroupMutex.Release(cpu);
        if (isAlone && TRule.ReparentsBeforeKill)
        {
            memcg.Put(cpu, Rcu);
        }

        cpu.Leave(isAlone ? 1 : 0);
        return isAlone;
    }

    // memcg_offline_kmem
    private void OfflineKmem<TCpu>(TCpu cpu, MemCgroup memcg, MemCgroup parent) where TCpu : struct, ICpu
    {
        int id = cpu.Read(memcg.KmemcgId);
        if (!TRule.ReparentsBeforeKill)
        {
            memcg.Put(cpu, Rcu);
            Rcu.Synchronize(cpu);
        }

        if (TRule.HasListLocks)
        {
            // Objects go to the parent only when no item is left on the child's lists: their locks differ.
            ReparentAllLists(cpu, id, parent);
            ReparentObjcgs(cpu, memcg, parent);
        }
        else
        {
            ReparentObjcgs(cpu, memcg, parent);
            if (TRule.OfflineId == OfflineId.ParentsFirst)
            {
                GiveDescendants(cpu, memcg, cpu.Read(parent.KmemcgId));
            }

            ReparentAllLists(cpu, id, parent);
        }

        if (!TRule.KeepsIdForReaders)
        {
            FreeId(cpu, id);
        }

        if (TRule.OfflineId == OfflineId.NoneLast)
        {
            GiveDescendants(cpu, memcg, MemCgroup.NoId);
        }
    }

    // memcg_reparent_objcgs
    private void ReparentObjcgs<TCpu>(TCpu cpu, MemCgroup memcg, MemCgroup parent) where TCpu : struct, ICpu
    {
        cpu.Enter("memcg_reparent_objcgs");
        ObjCgroup objcg = new(cpu.Read(memcg.Objcg));
        ObjcgLock.AcquireIrq(cpu);

        // Release, as rcu_replace_pointer is; there is nothing behind the 0 to see.
        cpu.StoreRelease(memcg.Objcg, 0);
        memcg.ObjcgList.AddAfter(cpu, objcg.List);
        nint link = cpu.Read(memcg.ObjcgList.Next);
        while (link != memcg.ObjcgList.Address)
        {
            // Relaxed: readers use either owner; what they wait for is only that it changes.
            cpu.WriteOnce(ObjCgroup.OfList(link).Memcg, parent.Address);
            link = cpu.Read(new ListHead(link).Next);
        }

        memcg.ObjcgList.SpliceInto(cpu, parent.ObjcgList);
        ObjcgLock.ReleaseIrq(cpu);
        objcg.Put(cpu, ObjcgLock, Rcu);
        cpu.Leave();
    }

    // memcg_reparent_list_lrus
    private void ReparentAllLists<TCpu>(TCpu cpu, int id, MemCgroup parent) where TCpu : struct, ICpu
    {
        ListLrusMutex.Acquire(cpu);
        nint link = cpu.Read(Lrus.Next);
        while (link != Lrus.Address)
        {
            new ListLru<TRule>(link).Reparent(cpu, Rcu, id, parent);
            link = cpu.Read(new ListHead(link).Next);
        }

        ListLrusMutex.Release(cpu);
    }

    // The group itself, and the groups below that are offline and not released yet.
    private static void GiveDescendants<TCpu>(TCpu cpu, MemCgroup top, int id) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        MemCgroup pos = top;
        while (pos.Address != 0)
        {
            // Relaxed: users of the id hold a lock that we take after this.
            cpu.WriteOnce(pos.KmemcgId, id);
            pos = NextBelow(cpu, pos, top);
        }

        cpu.RcuReadUnlock();
    }

    // css_next_descendant_pre
    private static MemCgroup NextBelow<TCpu>(TCpu cpu, MemCgroup pos, MemCgroup top) where TCpu : struct, ICpu
    {
        nint child = cpu.Read(pos.Children.Next);
        if (child != pos.Children.Address)
        {
            return MemCgroup.OfSibling(child);
        }

        while (pos.Address != top.Address)
        {
            nint next = cpu.Read(pos.Sibling.Next);
            pos = new MemCgroup(cpu.Read(pos.Parent));
            if (next != pos.Children.Address)
            {
                return MemCgroup.OfSibling(next);
            }
        }

        return default;
    }
}
