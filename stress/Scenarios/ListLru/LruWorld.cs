using Stress.Locks;
using Stress.Machine;
using Stress.Mm;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>What the list_lru scenarios do with their groups and objects.</summary>
/// <remarks>Groups 1 and 2 are children of group 0; groups 0 and 3 are children of the root.</remarks>
public readonly partial struct LruWorld<TRule>(nint root)
    where TRule : struct, IListLruRule
{
    public const int Top = 0;
    public const int Child = 1;
    public const int Other = 3;

    public LruBlock<TRule> Block => new(root);

    public MemcgSystem<TRule> System => Block.System;

    public ListLru<TRule> Lru => Block.Lru;

    public void Prepare<TCpu>(TCpu cpu, int nodes) where TCpu : struct, ICpu
    {
        cpu.Label(System, "memcg");
        cpu.Label(Lru, "lru");
        Block.Admin.Initialize(cpu);
        cpu.Require(System.Initialize(cpu, Lru, nodes), "there is memory for the list_lru");
    }

    // mkdir
    public void Online<TCpu>(TCpu cpu, int index) where TCpu : struct, ICpu
    {
        Block.Admin.Acquire(cpu);
        bool isBelowTop = index is not (Top or Other);
        MemCgroup parent = new(isBelowTop ? cpu.ReadOnce(Block.Group(Top)) : cpu.Read(System.Root));
        if (parent.Address != 0 && cpu.ReadOnce(Block.Group(index)) == 0)
        {
            // Release, pairs with the Dereference of Enter: the group is seen initialised.
            cpu.StoreRelease(Block.Group(index), System.Online(cpu, parent).Address);
        }

        Block.Admin.Release(cpu);
    }

    // rmdir
    public void Offline<TCpu>(TCpu cpu, int index) where TCpu : struct, ICpu
    {
        Block.Admin.Acquire(cpu);
        MemCgroup memcg = new(cpu.ReadOnce(Block.Group(index)));
        bool hasChildren = index == Top
            && (cpu.ReadOnce(Block.Group(1)) != 0 || cpu.ReadOnce(Block.Group(2)) != 0);
        if (memcg.Address != 0 && !hasChildren)
        {
            cpu.WriteOnce(Block.Group(index), 0);
            System.Offline(cpu, memcg);
        }

        Block.Admin.Release(cpu);
    }

    // An object of a task of that group; at 0 when there is no memory. It is on no list.
    public LruObject Birth<TCpu>(TCpu cpu, int index, int nid, ListLru<TRule> lru) where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        MemCgroup memcg = new(cpu.Dereference(Block.Group(index)));
        ObjCgroup objcg = memcg.Address == 0 ? default : System.CurrentObjcg(cpu, memcg);
        cpu.RcuReadUnlock();
        return System.AllocObject(cpu, lru, objcg, nid);
    }

    // Puts an object on its list, and in a place if that is free.
    public void Insert<TCpu>(TCpu cpu, LruObject item, int place, ulong traits) where TCpu : struct, ICpu
    {
        cpu.WriteOnce(item.Traits, traits | ((ulong)place << LruTraits.SlotShift));
        item.Lock.Acquire(cpu);
        Lru.AddObject(cpu, item);
        item.Lock.Release(cpu);
        if (cpu.CompareExchange(Block.Object(place), 0, item.Address) != 0)
        {
            Retire(cpu, item);
        }
    }

    // Makes the object that InsertKept takes; freed in the end if nobody does.
    public void Keep<TCpu>(TCpu cpu, int index) where TCpu : struct, ICpu
        => cpu.Write(Block.Kept, Birth(cpu, index, nid: 0, Lru).Address);

    public void InsertKept<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        LruObject item = new(cpu.Read(Block.Kept));
        cpu.Write(Block.Kept, 0);
        Insert(cpu, item, place: 0, traits: 0);
    }

    public void Create<TCpu>(TCpu cpu, int index, int nid, int place, ulong traits) where TCpu : struct, ICpu
    {
        LruObject item = Birth(cpu, index, nid, Lru);
        if (item.Address != 0)
        {
            Insert(cpu, item, place, traits);
        }
    }

    public void Remove<TCpu>(TCpu cpu, int place) where TCpu : struct, ICpu
    {
        LruObject item = new(cpu.Exchange(Block.Object(place), 0));
        if (item.Address != 0)
        {
            Retire(cpu, item);
        }
    }

    public void Retire<TCpu>(TCpu cpu, LruObject item) where TCpu : struct, ICpu
    {
        item.Lock.Acquire(cpu);
        Lru.DeleteObject(cpu, item);
        item.Lock.Release(cpu);
        System.FreeObject(cpu, item);
    }

    // shrink_slab_memcg for a group; shrink_slab for an index without one.
    public void Shrink<TCpu>(TCpu cpu, int index, int nid, long budget) where TCpu : struct, ICpu
    {
        MemCgroup memcg = default;
        if (index < LruBlock<TRule>.Groups)
        {
            cpu.RcuReadLock();
            memcg = new MemCgroup(cpu.Dereference(Block.Group(index)));
            bool isKept = memcg.Address != 0 && memcg.TryGet(cpu);
            cpu.RcuReadUnlock();
            if (!isKept)
            {
                return;
            }
        }

        if (memcg.Address == 0 || HasWork(cpu, memcg, nid))
        {
            Walk(cpu, memcg, nid, budget);
        }

        if (memcg.Address != 0)
        {
            memcg.Put(cpu, System.Rcu);
        }
    }

    private bool HasWork<TCpu>(TCpu cpu, MemCgroup memcg, int nid) where TCpu : struct, ICpu
    {
        if ((cpu.ReadOnce(memcg.ShrinkerMap(nid)) & ListLruNode.ShrinkerBit) == 0)
        {
            return false;
        }

        if (Lru.CountOne(cpu, nid, memcg) != 0)
        {
            return true;
        }

        cpu.FetchAndRelaxed(memcg.ShrinkerMap(nid), ~ListLruNode.ShrinkerBit);

        // Pairs with the fence of SetShrinkerBit: we see the item, or its bit stays.
        cpu.FullFence();
        if (Lru.CountOne(cpu, nid, memcg) == 0)
        {
            return false;
        }

        memcg.SetShrinkerBit(cpu, nid);
        return true;
    }

    private void Walk<TCpu>(TCpu cpu, MemCgroup memcg, int nid, long budget) where TCpu : struct, ICpu
    {
        ListHead dispose = new(cpu.Current.Scratch);
        dispose.Initialize(cpu);
        Lru.WalkOne(cpu, nid, memcg, new LruIsolate<TRule>(root, dispose.Address), budget);
        nint item = cpu.Read(dispose.Next);
        while (item != dispose.Address)
        {
            nint next = cpu.Read(new ListHead(item).Next);
            System.FreeObject(cpu, new LruObject(item));
            item = next;
        }
    }
}
