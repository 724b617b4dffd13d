using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <content>What must hold while nobody holds the lock. Reads only; call it where no task can run in between.</content>
public readonly partial struct ResvMap<TRule>
{
    /// <summary>Whether nobody is in the middle of a change.</summary>
    public bool IsSettled<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.ReadOnce(Lock.Value) == 0;

    /// <summary>Whether every pledge is covered by an entry.</summary>
    public bool ArePledgesCovered<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Read(CacheCount) >= cpu.Read(AddsInProgress);

    /// <summary>Whether the spare entries are a circular list, linked both ways, of the length that is noted.</summary>
    public bool IsCacheWhole<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long count = cpu.Read(CacheCount);
        ListHead node = RegionCache;
        for (long i = 0; i <= count; i++)
        {
            ListHead next = new(cpu.Read(node.Next));
            if ((next.Address == RegionCache.Address) != (i == count))
            {
                return false;
            }

            if (cpu.Read(next.Prev) != node.Address)
            {
                return false;
            }

            node = next;
        }

        return true;
    }

    /// <summary>Counts the pages in the map, if its regions are sorted, disjoint, not empty and linked both ways.
    /// </summary>
    /// <returns>The pages; -1 when the list is damaged.</returns>
    public long SoundPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long pages = 0;
        long last = 0;
        ListHead node = Regions;
        ListHead next = new(cpu.Read(node.Next));

        // Ends also on a damaged list: the regions that it accepts have ever higher first pages.
        while (next.Address != Regions.Address)
        {
            FileRegion region = new(next.Address);
            long from = cpu.Read(region.From);
            long to = cpu.Read(region.To);
            if (from < last || from >= to || cpu.Read(next.Prev) != node.Address)
            {
                return -1;
            }

            pages += to - from;
            last = to;
            node = next;
            next = new(cpu.Read(node.Next));
        }

        return cpu.Read(Regions.Prev) == node.Address ? pages : -1;
    }
}
