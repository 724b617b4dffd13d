using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>What must hold while nobody holds the lock. Reads only; call it where no task can run in between.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Whether nobody is in the middle of a change.</summary>
    public bool IsSettled<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.ReadOnce(Lock.Value) == 0;

    /// <summary>Counts a free list, if it is circular, linked both ways, and holds aligned free buddies of this zone
    /// and order.</summary>
    /// <returns>Its length; -1 when something is wrong.</returns>
    public long SoundLength<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        ListHead list = Area(order).List(type);
        long most = cpu.Read(SpannedPages);
        long length = 0;
        ListHead node = list;
        ListHead next = new(cpu.Read(node.Next));
        while (next.Address != list.Address)
        {
            if (cpu.Read(next.Prev) != node.Address || !IsFreeBuddy(cpu, Page.OfLink(next.Address), order)
                || length++ == most)
            {
                return -1;
            }

            node = next;
            next = new ListHead(cpu.Read(node.Next));
        }

        return cpu.Read(list.Prev) == node.Address ? length : -1;
    }

    /// <summary>Whether every pageblock of every free page of a list has the type of the list.</summary>
    /// <remarks>The list is sound.</remarks>
    public bool AreTypesRight<TCpu>(TCpu cpu, int order, int type) where TCpu : struct, ICpu
    {
        ListHead list = Area(order).List(type);
        for (nint node = cpu.Read(list.Next); node != list.Address; node = cpu.Read(new ListHead(node).Next))
        {
            long pfn = Map.Pfn(Page.OfLink(node));
            for (long block = pfn; block < pfn + (1L << order); block += BlockPages)
            {
                if (TypeOf(cpu, block) != type)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>NR_FREE_PAGES with the diffs of all CPUs (<c>zone_page_state_snapshot</c>, not clamped).</summary>
    public long FreePagesSnapshot<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long sum = cpu.ReadOnce(NrFreePages);
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            sum += cpu.Read(Pcp(cpu, i).Diff);
        }

        return sum;
    }

    /// <summary>Counts the heads of free buddies, if none lies inside another.</summary>
    /// <returns>Their number; -1 when two overlap.</returns>
    public long DisjointBuddies<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long heads = 0;
        long start = cpu.Read(StartPfn);
        long end = start + cpu.Read(SpannedPages);
        long last = start;
        for (long pfn = start; pfn < end; pfn++)
        {
            Page page = Map.PageAt(pfn);
            if (!page.IsBuddy(cpu))
            {
                continue;
            }

            if (pfn < last)
            {
                return -1;
            }

            heads++;
            last = pfn + (1L << page.Order(cpu));
        }

        return heads;
    }

    /// <summary>Counts the pageblocks of type ISOLATE.</summary>
    public long IsolatedBlocks<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long isolated = 0;
        long start = cpu.Read(StartPfn);
        long end = start + cpu.Read(SpannedPages);
        for (long pfn = start; pfn < end; pfn += BlockPages)
        {
            isolated += TypeOf(cpu, pfn) == MigrateType.Isolate ? 1 : 0;
        }

        return isolated;
    }

    /// <summary>Counts the pages in the per-CPU lists, in units of order 0.</summary>
    /// <param name="type">Only those whose pageblock has this type; -1 for all.</param>
    public long PcpPages<TCpu>(TCpu cpu, int type) where TCpu : struct, ICpu
    {
        long pages = 0;
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            for (int index = 0; index < PerCpuPages.Lists; index++)
            {
                ListHead list = Pcp(cpu, i).List(index);
                for (nint node = cpu.Read(list.Next); node != list.Address; node = cpu.Read(new ListHead(node).Next))
                {
                    bool counts = type < 0 || TypeOf(cpu, Map.Pfn(Page.OfLink(node))) == type;
                    pages += counts ? 1L << PerCpuPages.OrderOf(index) : 0;
                }
            }
        }

        return pages;
    }

    private bool IsFreeBuddy<TCpu>(TCpu cpu, Page page, int order) where TCpu : struct, ICpu
        => page.IsBuddy(cpu) && page.Order(cpu) == order && page.ZoneNumber(cpu) == cpu.Read(Number)
            && (Map.Pfn(page) & ((1L << order) - 1)) == 0;
}
