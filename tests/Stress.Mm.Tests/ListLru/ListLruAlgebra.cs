using Stress.Machine;
using Stress.Mm.ListLru;
using Stress.Scenarios.ListLru;

namespace Stress.Mm.Tests.ListLru;

/// <summary>What the reference of <see cref="ListLruAlgebra{TRule, TReference}"/> expects of moved items.</summary>
public interface IReference
{
    static abstract bool PutsMovedFirst { get; }
}

/// <summary>The reference: a child's items come before the parent's.</summary>
public readonly struct MovedFirst : IReference
{
    public static bool PutsMovedFirst => true;
}

/// <summary>A wrong reference, to see that the comparison notices: a child's items come last.</summary>
public readonly struct MovedLast : IReference
{
    static bool IReference.PutsMovedFirst => false;
}

/// <summary>One task makes random calls and compares every list with a list of places for each owner and node.
/// </summary>
/// <remarks>The lists are <see cref="PackedList"/>s, a word for each owner and node, kept behind the block. Owners are
/// the groups, and the root as the last.</remarks>
public readonly partial struct ListLruAlgebra<TRule, TReference>(nint root)
    : IScenario<ListLruAlgebra<TRule, TReference>>
    where TRule : struct, IListLruRule
    where TReference : struct, IReference
{
    private const int RootOwner = LruBlock<TRule>.Groups;
    private const int Calls = 60;
    private const ulong Hints = LruTraits.Referenced | LruTraits.Buffers | LruTraits.Busy;

    private readonly LruWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("only"),
        RootBytes = LruBlock<TRule>.Bytes + ((RootOwner + 1) * ListLruNode.Max * 8),
        PlainAccessesArePoints = false,
    };

    public static ListLruAlgebra<TRule, TReference> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, nodes: ListLruNode.Max);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < Calls; i++)
        {
            Work(cpu, 0);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        int index = (int)cpu.Choose(RootOwner);
        int place = (int)cpu.Choose(LruBlock<TRule>.Objects);
        int nid = (int)cpu.Choose(ListLruNode.Max);
        switch (cpu.Choose(8))
        {
            case 0:
                Offline(cpu, index);
                break;
            case 1 or 2:
                _world.Online(cpu, index);
                break;
            case 3:
                Shrink(cpu, (int)cpu.Choose(RootOwner + 1), nid, 1 + cpu.Choose(6));
                break;
            case 4:
                Remove(cpu, place);
                break;
            default:
                Create(cpu, index, nid, place);
                break;
        }

        Compare(cpu);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Check(cpu);
        Compare(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private PlainU64 Expected(int owner, int nid)
        => new(root + LruBlock<TRule>.Bytes + (((owner * ListLruNode.Max) + nid) * 8));

    private void Create<TCpu>(TCpu cpu, int index, int nid, int place) where TCpu : struct, ICpu
    {
        bool isTaken = cpu.Read(_world.Block.Object(place)) != 0;
        int owner = cpu.Read(_world.Block.Group(index)) != 0 ? index : RootOwner;
        _world.Create(cpu, index, nid, place, cpu.Choose(16));
        if (!isTaken && cpu.Read(_world.Block.Object(place)) != 0)
        {
            PlainU64 list = Expected(owner, nid);
            cpu.Write(list, PackedList.Append(cpu.Read(list), place));
        }
    }

    private void Remove<TCpu>(TCpu cpu, int place) where TCpu : struct, ICpu
    {
        _world.Remove(cpu, place);
        for (int i = 0; i < (RootOwner + 1) * ListLruNode.Max; i++)
        {
            PlainU64 list = Expected(i / ListLruNode.Max, i % ListLruNode.Max);
            ulong items = cpu.Read(list);
            int at = PackedList.IndexOf(items, place);
            if (at >= 0)
            {
                cpu.Write(list, PackedList.RemoveAt(items, at));
            }
        }
    }

    private void Offline<TCpu>(TCpu cpu, int index) where TCpu : struct, ICpu
    {
        bool wasOnline = cpu.Read(_world.Block.Group(index)) != 0;
        _world.Offline(cpu, index);
        _world.System.Flush(cpu);
        if (!wasOnline || cpu.Read(_world.Block.Group(index)) != 0)
        {
            return;
        }

        int parent = index is LruWorld<TRule>.Top or LruWorld<TRule>.Other ? RootOwner : LruWorld<TRule>.Top;
        for (int nid = 0; nid < ListLruNode.Max; nid++)
        {
            ulong moved = cpu.Read(Expected(index, nid));
            ulong there = cpu.Read(Expected(parent, nid));
            cpu.Write(Expected(index, nid), 0ul);
            cpu.Write(
                Expected(parent, nid),
                TReference.PutsMovedFirst ? PackedList.Concat(moved, there) : PackedList.Concat(there, moved));
        }
    }

    private void Shrink<TCpu>(TCpu cpu, int owner, int nid, long budget) where TCpu : struct, ICpu
    {
        ulong list = cpu.Read(Expected(owner, nid));
        int at = 0;
        ulong changed = 0;
        long left = budget;
        while (at < PackedList.Length(list) && left > 0)
        {
            left--;
            int place = PackedList.At(list, at);
            ulong traits = cpu.Read(new LruObject(cpu.Read(_world.Block.Object(place))).Traits);
            ulong hint = (changed & (1ul << place)) != 0 ? 0 : traits & Hints;
            changed |= 1ul << place;
            bool isLast = at == PackedList.Length(list) - 1;
            if ((hint & LruTraits.Referenced) != 0)
            {
                list = PackedList.Append(PackedList.RemoveAt(list, at), place);
                at = isLast ? PackedList.Length(list) : at;
            }
            else if ((hint & LruTraits.Busy) != 0)
            {
                left = 0;
            }
            else if (hint != 0)
            {
                at = 0;
            }
            else
            {
                list = PackedList.RemoveAt(list, at);
                at = (traits & LruTraits.Shadow) != 0 ? 0 : at;
            }
        }

        cpu.Write(Expected(owner, nid), list);
        _world.Shrink(cpu, owner, nid, budget);
    }

    private void Compare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (int nid = 0; nid < ListLruNode.Max; nid++)
        {
            long total = 0;
            for (int owner = 0; owner <= RootOwner; owner++)
            {
                ulong expected = cpu.Read(Expected(owner, nid));
                CompareList(cpu, owner, nid, expected);
                total += PackedList.Length(expected);
            }

            cpu.Require(_world.Lru.CountNode(cpu, nid, cpu.Read(_world.System.NrCacheIds)) == total, "node count");
        }
    }

    private void CompareList<TCpu>(TCpu cpu, int owner, int nid, ulong expected) where TCpu : struct, ICpu
    {
        ListLruOne one = _world.Lru.Node(nid).Lru;
        MemCgroup memcg = default;
        if (owner != RootOwner)
        {
            memcg = new MemCgroup(cpu.Read(_world.Block.Group(owner)));
            ListLruMemcg lists = memcg.Address == 0 ? default : _world.Lru.Lists(cpu, cpu.Read(memcg.KmemcgId));
            if (lists.Address == 0)
            {
                cpu.Require(expected == 0, "lists of the reference are there");
                return;
            }

            one = lists.Node(nid);
        }

        ulong found = 0;
        for (nint node = cpu.Read(one.List.Next); node != one.List.Address; node = cpu.Read(new ListHead(node).Next))
        {
            found = PackedList.Append(found, (int)(cpu.Read(new LruObject(node).Traits) >> LruTraits.SlotShift));
        }

        cpu.Require(found == expected, "items and their order");
        cpu.Require(_world.Lru.CountOne(cpu, nid, memcg) == PackedList.Length(expected), "list count");
    }
}
