using Stress.Machine;
using Stress.Mm;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <content>One operation of a hammer, and what must hold.</content>
public readonly partial struct LruWorld<TRule>
{
    public const string CountWrong = "the lists are whole, as long as their counts, and add up to the node's";
    public const string Misplaced = "every item is on the list of its owner";
    public const string SlotOfNobody = "a slot whose id is free is empty";
    public const string AncestorLacksLists = "a group that has lists has ancestors that have lists";
    public const string Unmarked = "the shrinker knows of every list that is not empty";

    // One operation of a hammer.
    public void Any<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        int index = (int)cpu.Choose(LruBlock<TRule>.Groups);
        int place = (int)cpu.Choose(LruBlock<TRule>.Objects);
        int nid = (int)cpu.Choose((uint)cpu.Read(Lru.NodeCount));
        switch (cpu.Choose(10))
        {
            case 0:
                Offline(cpu, index);
                System.Flush(cpu);
                break;
            case 1:
                Online(cpu, index);
                break;
            case 2 or 3:
                Shrink(cpu, index, nid, 4);
                break;
            case 4:
                Shrink(cpu, LruBlock<TRule>.Groups, nid, 4);
                break;
            case 5:
                Lru.CountNode(cpu, nid, ListLru<TRule>.InitialSlots);
                break;
            case 6:
                Remove(cpu, place);
                break;
            default:
                Create(cpu, index, nid, place, cpu.Choose(16));
                break;
        }
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        CheckLists(cpu);
        CheckSlots(cpu);
        if (TRule.MarksListOwner)
        {
            CheckMarks(cpu);
        }

        for (int index = 0; index < LruBlock<TRule>.Groups; index++)
        {
            CheckAncestors(cpu, new MemCgroup(cpu.Read(Block.Group(index))));
        }
    }

    public void CheckLists<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        int nodes = cpu.Read(Lru.NodeCount);
        int slots = cpu.Read(System.NrCacheIds);
        for (int nid = 0; nid < nodes; nid++)
        {
            long items = 0;
            for (int place = 0; place < LruBlock<TRule>.Objects; place++)
            {
                LruObject item = new(cpu.Read(Block.Object(place)));
                items += item.Address != 0 && cpu.Read(item.Nid) == nid ? 1 : 0;
            }

            long found = Lru.SoundItems(cpu, nid, slots, LruBlock<TRule>.Objects);
            cpu.Require(found == items && found == cpu.Read(Lru.Node(nid).NrItems), CountWrong);
        }

        for (int place = 0; place < LruBlock<TRule>.Objects; place++)
        {
            LruObject item = new(cpu.Read(Block.Object(place)));
            cpu.Require(item.Address == 0 || IsWithOwner(cpu, item), Misplaced);
        }
    }

    public void CheckMarks<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        int nodes = cpu.Read(Lru.NodeCount);
        for (int i = 0; i < LruBlock<TRule>.Groups * nodes; i++)
        {
            int nid = i % nodes;
            MemCgroup memcg = new(cpu.Read(Block.Group(i / nodes)));
            ListLruMemcg lists = memcg.Address == 0 ? default : Lru.Lists(cpu, cpu.Read(memcg.KmemcgId));
            bool isEmpty = lists.Address == 0 || cpu.Read(lists.Node(nid).NrItems) == 0;
            cpu.Require(
                isEmpty || (cpu.Read(memcg.ShrinkerMap(nid)) & ListLruNode.ShrinkerBit) != 0, Unmarked);
        }
    }

    private void CheckAncestors<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        bool mustHave = false;
        while (memcg.Address != 0)
        {
            int id = cpu.Read(memcg.KmemcgId);
            bool has = id < 0 || Lru.Lists(cpu, id).Address != 0;
            cpu.Require(has || !mustHave, AncestorLacksLists);
            mustHave |= has;
            memcg = new MemCgroup(cpu.Read(memcg.Parent));
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (int place = 0; place < LruBlock<TRule>.Objects; place++)
        {
            Remove(cpu, place);
        }

        LruObject kept = new(cpu.Read(Block.Kept));
        if (kept.Address != 0)
        {
            Retire(cpu, kept);
        }

        for (int index = LruBlock<TRule>.Groups - 1; index >= 0; index--)
        {
            Offline(cpu, index);
        }

        System.Flush(cpu);
        System.Destroy(cpu, Lru);
    }

    // Not while they have their lists from the start.
    private void CheckSlots<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ulong ids = cpu.Read(System.Ids);
        int slots = cpu.Read(System.NrCacheIds);
        for (int id = 0; id < slots && !TRule.IsEager; id++)
        {
            cpu.Require((ids & (1ul << id)) != 0 || Lru.Lists(cpu, id).Address == 0, SlotOfNobody);
        }
    }

    private bool IsWithOwner<TCpu>(TCpu cpu, LruObject item) where TCpu : struct, ICpu
    {
        ObjCgroup objcg = new(cpu.Read(item.Objcg));
        MemCgroup owner = objcg.Address == 0 ? default : new MemCgroup(cpu.Read(objcg.Memcg));
        int id = owner.Address == 0 ? MemCgroup.NoId : cpu.Read(owner.KmemcgId);
        int nid = (int)cpu.Read(item.Nid);
        ListLruMemcg lists = id < 0 ? default : Lru.Lists(cpu, id);
        if (id >= 0 && lists.Address == 0)
        {
            return false;
        }

        ListHead list = id < 0 ? Lru.Node(nid).Lru.List : lists.Node(nid).List;
        nint node = cpu.Read(list.Next);
        for (int i = 0; i < LruBlock<TRule>.Objects && node != list.Address; i++)
        {
            if (node == item.Address)
            {
                return true;
            }

            node = cpu.Read(new ListHead(node).Next);
        }

        return false;
    }
}
