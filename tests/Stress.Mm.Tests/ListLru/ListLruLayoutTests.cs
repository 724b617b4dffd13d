using Stress.Machine;
using Stress.Mm.ListLru;
using Xunit;

namespace Stress.Mm.Tests.ListLru;

/// <summary>The structs lie in memory as their tables say.</summary>
public sealed class ListLruLayoutTests
{
    [Fact]
    public void MemCgroup_Fields_StayAtTheirDocumentedOffsets()
    {
        MemCgroup memcg = new(0);
        AssertLayout<MemCgroup>(
            120,
            (memcg.RefCount.Address, 0),
            (memcg.Flags.Address, 8),
            (memcg.KmemcgId.Address, 12),
            (memcg.Parent.Address, 16),
            (memcg.Objcg.Address, 24),
            (memcg.ObjcgList.Address, 32),
            (memcg.Children.Address, 48),
            (memcg.Sibling.Address, 64),
            (memcg.Rcu.Address, 80),
            (memcg.ShrinkerMap(0).Address, 96),
            (memcg.ShrinkerMap(1).Address, 104),
            (memcg.OnlineChildren.Address, 112));
        Assert.Equal(0x1000, MemCgroup.OfSibling(new MemCgroup(0x1000).Sibling.Address).Address);
    }

    [Fact]
    public void ObjCgroup_Fields_StayAtTheirDocumentedOffsets()
    {
        ObjCgroup objcg = new(0);
        AssertLayout<ObjCgroup>(
            48,
            (objcg.RefCount.Address, 0),
            (objcg.Memcg.Address, 8),
            (objcg.List.Address, 16),
            (objcg.Rcu.Address, 32));
        Assert.Equal(0x1000, ObjCgroup.OfList(new ObjCgroup(0x1000).List.Address).Address);
    }

    [Fact]
    public void ListLruOne_Fields_StayAtTheirDocumentedOffsets()
    {
        ListLruOne one = new(0);
        AssertLayout<ListLruOne>(32, (one.List.Address, 0), (one.NrItems.Address, 16), (one.Lock.Address, 24));
    }

    [Fact]
    public void ListLruNode_Fields_StayAtTheirDocumentedOffsets()
    {
        ListLruNode node = new(0);
        AssertLayout<ListLruNode>(64, (node.Lock.Address, 0), (node.NrItems.Address, 8), (node.Lru.Address, 16));
    }

    [Fact]
    public void ListLruMemcg_Fields_StayAtTheirDocumentedOffsets()
    {
        ListLruMemcg lists = new(0);
        AssertLayout<ListLruMemcg>(
            80,
            (lists.Rcu.Address, 0),
            (lists.First.Address, 16),
            (lists.Node(0).Address, 16),
            (lists.Node(1).Address, 48));
    }

    [Fact]
    public void ListLruArray_Slots_StayAtTheirDocumentedOffsets()
    {
        ListLruArray array = new(0);
        AssertLayout<ListLruArray>(
            32,
            (array.Rcu.Address, 0),
            (array.Slot(0).Address, 16),
            (array.Slot(ListLruArray.FewSlots - 1).Address, 24));
        AssertLayout<LargeListLruArray>(80, (array.Slot(ListLruArray.ManySlots - 1).Address, 72));
    }

    [Fact]
    public void ListLruArray_SlotBeforeTheFirst_IsTheCallback()
    {
        // What an id of -1 reads and overwrites.
        ListLruArray array = new(0);
        Assert.Equal(array.Rcu.Function.Address, array.Slot(-1).Address);
    }

    [Fact]
    public void ListLruTable_Entries_StayAtTheirDocumentedOffsets()
    {
        ListLruTable table = new(0);
        AssertLayout<ListLruTable>(
            64, (table.Lists(0).Address, 0), (table.Memcg(0).Address, 8), (table.Memcg(3).Address, 56));
    }

    [Fact]
    public void LruObject_Fields_StayAtTheirDocumentedOffsets()
    {
        LruObject item = new(0);
        AssertLayout<LruObject>(
            40,
            (item.Lru.Address, 0),
            (item.Objcg.Address, 16),
            (item.Lock.Address, 24),
            (item.Nid.Address, 28),
            (item.Traits.Address, 32));
    }

    [Fact]
    public void ListLru_Fields_StayAtTheirDocumentedOffsets()
    {
        ListLru<Upstream> lru = new(0);
        AssertLayout<ListLru<Upstream>>(
            192,
            (lru.Link.Address, 0),
            (lru.Lock.Address, 16),
            (lru.NodeCount.Address, 20),
            (lru.MemcgLrus.Address, 24),
            (lru.Node(0).Address, 64),
            (lru.Node(1).Address, 128));
    }

    [Fact]
    public void MemcgSystem_Fields_StayAtTheirDocumentedOffsets()
    {
        MemcgSystem<Upstream> system = new(0);
        AssertLayout<MemcgSystem<Upstream>>(
            208,
            (system.Rcu.Address, 0),
            (system.CgroupMutex.Address, 64),
            (system.ListLrusMutex.Address, 96),
            (system.CacheIdsSem.Address, 128),
            (system.ObjcgLock.Address, 168),
            (system.NrCacheIds.Address, 172),
            (system.Ids.Address, 176),
            (system.Root.Address, 184),
            (system.Lrus.Address, 192));
    }

    private static void AssertLayout<T>(int bytes, params (nint Actual, int Documented)[] fields)
        where T : IHandle
    {
        Assert.Equal(bytes, T.Bytes);
        foreach ((nint actual, int documented) in fields)
        {
            Assert.Equal(documented, actual);
            Assert.InRange(actual, 0, bytes - 1);
        }
    }
}
