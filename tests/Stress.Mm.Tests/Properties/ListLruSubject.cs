using System.Collections.Generic;
using System.Linq;
using Stress.Machine.Native;
using Stress.Mm.ListLru;
using Stress.Scenarios.ListLru;
using Xunit;

namespace Stress.Mm.Tests.Properties;

public enum ListLruCall
{
    Create,
    CreateMarked,
    Remove,
    Shrink,
    Online,
    Offline,
}

/// <summary>The lists of a list_lru, compared with a list of objects for each owner and node.</summary>
/// <remarks>Owners are the groups, and the root as the last; objects are known by their place.</remarks>
public sealed class ListLruSubject<TRule> : Subject<ListLruCall>
    where TRule : struct, IListLruRule
{
    private const int RootOwner = LruBlock<TRule>.Groups;
    private const int Places = LruBlock<TRule>.Objects;
    private const ulong Hints = LruTraits.Referenced | LruTraits.Buffers | LruTraits.Busy;

    private readonly List<int>[,] _lists = new List<int>[RootOwner + 1, ListLruNode.Max];
    private readonly bool[] _isOnline = new bool[RootOwner];
    private readonly ulong[] _traits = new ulong[Places];

    public ListLruSubject()
        : base(LruBlock<TRule>.Bytes)
    {
        World.Prepare(Cpu, nodes: ListLruNode.Max);
        for (int owner = 0; owner <= RootOwner; owner++)
        {
            for (int nid = 0; nid < ListLruNode.Max; nid++)
            {
                _lists[owner, nid] = [];
            }
        }
    }

    private LruWorld<TRule> World => new(Root);

    protected override void Make(Call<ListLruCall> call)
    {
        int nid = call.B % ListLruNode.Max;
        switch (call.Kind)
        {
            case ListLruCall.Create:
                Create(call.A % RootOwner, nid, call.C % Places, traits: 0);
                break;
            case ListLruCall.CreateMarked:
                Create(call.A % RootOwner, nid, call.C % Places, (ulong)(call.B / ListLruNode.Max) % 16);
                break;
            case ListLruCall.Remove:
                World.Remove(Cpu, call.C % Places);
                All().ToList().ForEach(list => list.Remove(call.C % Places));
                break;
            case ListLruCall.Shrink:
                int owner = call.A % (RootOwner + 1);
                Shrink(_lists[owner, nid], 1 + (call.C % 6));
                World.Shrink(Cpu, owner, nid, 1 + (call.C % 6));
                break;
            case ListLruCall.Online:
                Online(call.A % RootOwner);
                break;
            default:
                Offline(call.A % RootOwner);
                break;
        }
    }

    protected override void Compare()
    {
        World.Check(Cpu);
        for (int nid = 0; nid < ListLruNode.Max; nid++)
        {
            int total = 0;
            for (int owner = 0; owner <= RootOwner; owner++)
            {
                Assert.True(ItemsOf(owner, nid).SequenceEqual(_lists[owner, nid]), "the items of each owner, in order");
                total += _lists[owner, nid].Count;
            }

            long count = World.Lru.CountNode(Cpu, nid, Cpu.Read(World.System.NrCacheIds));
            Assert.True(count == total, "the node counts the items of all owners");
        }
    }

    private static int ParentOf(int index)
        => index is LruWorld<TRule>.Top or LruWorld<TRule>.Other ? RootOwner : LruWorld<TRule>.Top;

    private IEnumerable<List<int>> All() => _lists.Cast<List<int>>();

    private List<int> ItemsOf(int owner, int nid)
    {
        NativeCpu cpu = Cpu;
        ListLruOne one = World.Lru.Node(nid).Lru;
        if (owner != RootOwner)
        {
            MemCgroup memcg = new(cpu.Read(World.Block.Group(owner)));
            ListLruMemcg lists = memcg.Address == 0 ? default : World.Lru.Lists(cpu, cpu.Read(memcg.KmemcgId));
            if (lists.Address == 0)
            {
                return [];
            }

            one = lists.Node(nid);
        }

        List<int> items = [];
        for (nint node = cpu.Read(one.List.Next); node != one.List.Address; node = cpu.Read(new ListHead(node).Next))
        {
            items.Add((int)(cpu.Read(new LruObject(node).Traits) >> LruTraits.SlotShift));
        }

        return items;
    }

    private void Create(int index, int nid, int place, ulong traits)
    {
        World.Create(Cpu, index, nid, place, traits);
        if (!All().Any(list => list.Contains(place)))
        {
            _lists[_isOnline[index] ? index : RootOwner, nid].Add(place);
            _traits[place] = traits;
        }
    }

    private void Online(int index)
    {
        World.Online(Cpu, index);
        int parent = ParentOf(index);
        _isOnline[index] |= parent == RootOwner || _isOnline[parent];
    }

    private void Offline(int index)
    {
        World.Offline(Cpu, index);
        World.System.Flush(Cpu);
        bool hasChildren = index == LruWorld<TRule>.Top && (_isOnline[1] || _isOnline[2]);
        if (!_isOnline[index] || hasChildren)
        {
            return;
        }

        _isOnline[index] = false;
        for (int nid = 0; nid < ListLruNode.Max; nid++)
        {
            _lists[ParentOf(index), nid].InsertRange(0, _lists[index, nid]);
            _lists[index, nid].Clear();
        }
    }

    // Each visit takes the hint of an item away, or the item.
    private void Shrink(List<int> list, int budget)
    {
        int at = 0;
        while (at < list.Count && budget > 0)
        {
            budget--;
            int place = list[at];
            ulong hint = _traits[place] & Hints;
            _traits[place] &= ~Hints;
            if ((hint & LruTraits.Referenced) != 0)
            {
                // The walk goes on where the next item was: the last one is not seen again.
                bool isLast = at == list.Count - 1;
                list.RemoveAt(at);
                list.Add(place);
                at = isLast ? list.Count : at;
            }
            else if ((hint & LruTraits.Busy) != 0)
            {
                return;
            }
            else if (hint != 0)
            {
                at = 0;
            }
            else
            {
                list.RemoveAt(at);
                at = (_traits[place] & LruTraits.Shadow) != 0 ? 0 : at;
            }
        }
    }
}
