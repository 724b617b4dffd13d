using System.Numerics;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct MemcgSystem<TRule>
{
    /// <summary>Makes a group and brings it online (<c>mem_cgroup_css_alloc</c>, <c>memcg_online_kmem</c>).</summary>
    /// <param name="parent">Its parent, which the caller keeps.</param>
    /// <returns>The group, whose own reference the caller gives back by <see cref="Offline"/>; at 0 when there is no
    /// memory, no id, or the parent goes.</returns>
    public MemCgroup Online<TCpu>(TCpu cpu, MemCgroup parent) where TCpu : struct, ICpu
    {
        cpu.Enter("mem_cgroup_css_online");
        CgroupMutex.Acquire(cpu);
        MemCgroup memcg = default;
        if (!parent.IsDying(cpu))
        {
            int id = AllocId(cpu);
            memcg = id < 0 ? default : Make(cpu, parent, id);
            if (id >= 0 && memcg.Address == 0)
            {
                FreeId(cpu, id);
            }
        }

        CgroupMutex.Release(cpu);
        cpu.Leave(memcg.Address == 0 ? Errno.NoMemory : 0);
        return memcg;
    }

    private static MemCgroup Make<TCpu>(TCpu cpu, MemCgroup parent, int id) where TCpu : struct, ICpu
    {
        MemCgroup memcg = new(cpu.Alloc(MemCgroup.Cache));
        if (memcg.Address == 0)
        {
            return default;
        }

        ObjCgroup objcg = new(cpu.Alloc(ObjCgroup.Cache));
        if (objcg.Address == 0)
        {
            cpu.Free(MemCgroup.Cache, memcg.Address);
            return default;
        }

        memcg.Initialize(cpu, id, 0);
        objcg.Initialize(cpu, memcg);
        cpu.Write(memcg.Parent, parent.Address);
        parent.TryGet(cpu);
        parent.Children.AddBefore(cpu, memcg.Sibling);
        cpu.Write(parent.OnlineChildren, cpu.Read(parent.OnlineChildren) + 1);

        // Release, pairs with the Dereference of Objcg in CurrentObjcg: the object group is seen initialised.
        cpu.StoreRelease(memcg.Objcg, objcg.Address);
        return memcg;
    }

    // memcg_alloc_cache_id; mem_cgroup_alloc since v6.1.
    private int AllocId<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Relaxed: only freed meanwhile, which we may miss.
        ulong used = cpu.ReadOnce(Ids);
        int id = BitOperations.TrailingZeroCount(~used);
        if (id >= ListLruArray.ManySlots)
        {
            return MemCgroup.NoId;
        }

        cpu.FetchOr(Ids, 1ul << id);
        if (TRule.HasGrowingArray && !MakeRoom(cpu, id))
        {
            FreeId(cpu, id);
            return MemCgroup.NoId;
        }

        return id;
    }

    private void FreeId<TCpu>(TCpu cpu, int id) where TCpu : struct, ICpu
        // Relaxed: whoever gets the id next takes CgroupMutex after us, or waited for a grace period.
        => cpu.FetchAndRelaxed(Ids, ~(1ul << id));

    // memcg_update_all_list_lrus
    private bool MakeRoom<TCpu>(TCpu cpu, int id) where TCpu : struct, ICpu
    {
        // Plain: only changed by whoever holds CgroupMutex, as we do.
        int slots = cpu.Read(NrCacheIds);
        if (id < slots)
        {
            return true;
        }

        CacheIdsSem.DownWrite(cpu);
        ListLrusMutex.Acquire(cpu);
        bool isDone = true;
        nint link = cpu.Read(Lrus.Next);
        while (isDone && link != Lrus.Address)
        {
            isDone = new ListLru<TRule>(link).Grow(cpu, Rcu, slots, ListLruArray.ManySlots);
            link = cpu.Read(new ListHead(link).Next);
        }

        ListLrusMutex.Release(cpu);
        if (isDone)
        {
            cpu.Write(NrCacheIds, ListLruArray.ManySlots);
        }

        CacheIdsSem.UpWrite(cpu);
        return isDone;
    }
}
