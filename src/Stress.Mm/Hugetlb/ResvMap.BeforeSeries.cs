using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <content>The code before the series: every call pledges one entry, an add merges all that it touches.</content>
public readonly partial struct ResvMap<TRule>
{
    // region_chg
    private long PledgeOneAndCount<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        Lock.Acquire(cpu);
        long pledged = cpu.Read(AddsInProgress) + 1;
        long cached = cpu.Read(CacheCount);
        while (pledged > cached)
        {
            cpu.BugOn(pledged - cached > 1, "VM_BUG_ON(resv->adds_in_progress - resv->region_cache_count > 1)");
            if (!AllocateEntry(cpu))
            {
                return Errno.NoMemory;
            }

            pledged = cpu.Read(AddsInProgress) + 1;
            cached = cpu.Read(CacheCount);
        }

        // The kernel writes it before it looks at the cache, and takes it back: under the lock, so nobody can tell.
        cpu.Write(AddsInProgress, pledged);
        long pages = CountMerged(cpu, FirstEndingFrom(cpu, from), from, to);
        Lock.Release(cpu);
        return pages;
    }

    // region_add
    private long AddMerged<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        long added;
        Lock.Acquire(cpu);
        FileRegion first = FirstEndingFrom(cpu, from);
        if (first.Address == Regions.Address || to < cpu.Read(first.From))
        {
            FileRegion entry = TakeEntry(cpu);
            cpu.Write(entry.From, from);
            cpu.Write(entry.To, to);
            first.Link.AddBefore(cpu, entry.Link);
            added = to - from;
        }
        else
        {
            added = Merge(cpu, first, from, to);
        }

        cpu.Write(AddsInProgress, cpu.Read(AddsInProgress) - 1);
        Lock.Release(cpu);
        cpu.BugOn(added < 0, "VM_BUG_ON(add < 0)");
        return added;
    }

    // The region that a range starting at "from" is before or in; behind the last one, the list head seen as a region.
    private FileRegion FirstEndingFrom<TCpu>(TCpu cpu, long from) where TCpu : struct, ICpu
    {
        FileRegion region = new(cpu.Read(Regions.Next));
        while (region.Address != Regions.Address && from > cpu.Read(region.To))
        {
            region = new(cpu.Read(region.Link.Next));
        }

        return region;
    }

    /// <summary>Counts what a merged region from <paramref name="first"/> on would add to the map.</summary>
    /// <remarks>As in the kernel, <paramref name="first"/> may be the list head: its "from" is then the word at that
    /// offset, <see cref="AddsInProgress"/>, and the count comes out too high. Nobody loses by it for good: what the
    /// add does not confirm is given back.</remarks>
    private long CountMerged<TCpu>(TCpu cpu, FileRegion first, long from, long to) where TCpu : struct, ICpu
    {
        long left = cpu.Read(first.From);
        long pages = to - (from > left ? left : from);
        nint node = first.Address;
        while (node != Regions.Address)
        {
            FileRegion region = new(node);
            long start = cpu.Read(region.From);
            if (start > to)
            {
                break;
            }

            long end = cpu.Read(region.To);
            if (end > to)
            {
                pages += end - to;
                to = end;
            }

            pages -= end - start;
            node = cpu.Read(region.Link.Next);
        }

        return pages;
    }

    // add_reservation_in_range: the first region grows over all that the range touches; those are freed.
    private long Merge<TCpu>(TCpu cpu, FileRegion first, long from, long to) where TCpu : struct, ICpu
    {
        long left = cpu.Read(first.From);
        from = from > left ? left : from;
        long added = to - from;
        nint node = first.Address;
        while (node != Regions.Address)
        {
            FileRegion region = new(node);
            long start = cpu.Read(region.From);
            if (start > to)
            {
                break;
            }

            long end = cpu.Read(region.To);
            node = cpu.Read(region.Link.Next);
            if (end > to)
            {
                added += end - to;
                to = end;
            }

            added -= end - start;
            if (region.Address != first.Address)
            {
                FreeMerged(cpu, region);
            }
        }

        cpu.Write(first.From, from);
        cpu.Write(first.To, to);
        return added;
    }
}
