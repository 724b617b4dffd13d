using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <content>What must hold. Reads only; call it where no task can run in between.</content>
public readonly partial struct ListLru<TRule>
{
    /// <summary>The lists in an id's slot; at 0 when it is empty.</summary>
    public ListLruMemcg Lists<TCpu>(TCpu cpu, int id) where TCpu : struct, ICpu
        => new(cpu.Read(new ListLruArray(cpu.Read(MemcgLrus)).Slot(id)));

    /// <summary>Items on a list, if it is linked both ways.</summary>
    /// <param name="most">How many there may be.</param>
    /// <returns>The items; -1 when the list is damaged.</returns>
    public static long SoundLength<TCpu>(TCpu cpu, ListLruOne one, long most) where TCpu : struct, ICpu
    {
        long length = 0;
        ListHead node = one.List;
        while (length <= most)
        {
            ListHead next = new(cpu.Read(node.Next));
            if (cpu.Read(next.Prev) != node.Address)
            {
                return -1;
            }

            if (next.Address == one.List.Address)
            {
                return length;
            }

            length++;
            node = next;
        }

        return -1;
    }

    /// <summary>Items on all lists of a node, if each is as long as its count.</summary>
    /// <param name="slots">Slots that there are.</param>
    /// <param name="most">How many items there may be.</param>
    /// <returns>The items; -1 when a list is damaged or its count is wrong.</returns>
    public long SoundItems<TCpu>(TCpu cpu, int nid, int slots, long most) where TCpu : struct, ICpu
    {
        long sum = 0;
        for (int id = MemCgroup.NoId; id < slots; id++)
        {
            ListLruMemcg lists = id < 0 ? default : Lists(cpu, id);
            if (id >= 0 && lists.Address == 0)
            {
                continue;
            }

            ListLruOne one = id < 0 ? Node(nid).Lru : lists.Node(nid);
            long length = SoundLength(cpu, one, most);
            if (length < 0 || length != cpu.Read(one.NrItems))
            {
                return -1;
            }

            sum += length;
        }

        return sum;
    }
}
