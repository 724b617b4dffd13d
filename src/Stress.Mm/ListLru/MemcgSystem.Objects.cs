using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct MemcgSystem<TRule>
{
    /// <summary>The object group that a task of a group charges objects to, with a reference
    /// (<c>get_obj_cgroup_from_memcg</c>).</summary>
    /// <param name="memcg">The task's group, which the caller keeps, by a reference or a read section.</param>
    /// <returns>That of the nearest ancestor that is online; at 0 for the root: such objects have no owner.</returns>
    public ObjCgroup CurrentObjcg<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Enter("get_obj_cgroup_from_memcg");
        cpu.RcuReadLock();
        ObjCgroup found = default;
        nint root = cpu.Read(Root);
        while (found.Address == 0 && memcg.Address != root)
        {
            // Pairs with the release of Make: the object group is seen initialised.
            ObjCgroup objcg = new(cpu.Dereference(memcg.Objcg));
            if (objcg.Address != 0 && objcg.TryGet(cpu))
            {
                found = objcg;
            }

            memcg = new MemCgroup(cpu.Read(memcg.Parent));
        }

        cpu.RcuReadUnlock();
        cpu.Leave(found.Address == 0 ? 0 : 1);
        return found;
    }

    /// <summary>Allocates an object that will be put on a list_lru (<c>kmem_cache_alloc_lru</c>).</summary>
    /// <param name="lru">That list_lru; at 0 for an object that goes on none (<c>kmem_cache_alloc</c>).</param>
    /// <param name="objcg">Who pays; the caller's reference goes to the object. At 0 for nobody.</param>
    /// <param name="nid">The node that the memory comes from.</param>
    /// <returns>The object; at 0 when there is no memory, also for lists.</returns>
    public LruObject AllocObject<TCpu>(TCpu cpu, ListLru<TRule> lru, ObjCgroup objcg, int nid)
        where TCpu : struct, ICpu
    {
        cpu.Enter("kmem_cache_alloc_lru", nid);
        LruObject made = default;
        bool isReady = TRule.MakesListsAfterObject || AllocLists(cpu, lru, objcg);
        if (isReady)
        {
            made = new LruObject(cpu.Alloc(LruObject.Cache));
            isReady = made.Address != 0 && (!TRule.MakesListsAfterObject || AllocLists(cpu, lru, objcg));
        }

        if (isReady)
        {
            made.Initialize(cpu, objcg, nid);
        }
        else
        {
            if (made.Address != 0)
            {
                cpu.Free(LruObject.Cache, made.Address);
            }

            PutObjcg(cpu, objcg);
            made = default;
        }

        cpu.Leave(made.Address == 0 ? 0 : 1);
        return made;
    }

    /// <summary>Frees an object that is on no list (<c>kmem_cache_free</c>).</summary>
    public void FreeObject<TCpu>(TCpu cpu, LruObject item) where TCpu : struct, ICpu
    {
        cpu.Enter("kmem_cache_free");
        ObjCgroup objcg = new(cpu.Read(item.Objcg));
        cpu.Free(LruObject.Cache, item.Address);
        PutObjcg(cpu, objcg);
        cpu.Leave();
    }

    private void PutObjcg<TCpu>(TCpu cpu, ObjCgroup objcg) where TCpu : struct, ICpu
    {
        if (objcg.Address != 0)
        {
            objcg.Put(cpu, ObjcgLock, Rcu);
        }
    }

    // memcg_slab_pre_alloc_hook, memcg_slab_post_alloc_hook
    private bool AllocLists<TCpu>(TCpu cpu, ListLru<TRule> lru, ObjCgroup objcg) where TCpu : struct, ICpu
    {
        if (lru.Address == 0 || objcg.Address == 0)
        {
            return true;
        }

        MemCgroup memcg = objcg.GetMemcg(cpu);
        bool isReady = lru.AllocLists(cpu, memcg) == 0;
        memcg.Put(cpu, Rcu);
        return isReady;
    }
}
