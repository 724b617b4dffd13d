using System;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

public readonly partial struct ResvMap<TRule>
{
    /// <summary>Counts or fills what [from, to) lacks (<c>add_reservation_in_range</c>).</summary>
    /// <param name="payer">The <see cref="HugetlbCgroup"/> that pays for what is filled; 0 for none.</param>
    /// <returns>Pages in the gaps, and how many gaps there are: each takes one entry.</returns>
    /// <remarks>
    /// Context: <see cref="Lock"/> held. v7 goes on past a region that starts at <paramref name="to"/>, which comes to
    /// the same gaps. A merge into the region behind a gap leaves that region in place, so its successor may be read
    /// after the gap was filled (the kernel reads it before).
    /// </remarks>
    private (long Pages, long Gaps) Walk<TCpu>(TCpu cpu, long from, long to, bool isCountOnly, nint payer)
        where TCpu : struct, ICpu
    {
        long pages = 0;
        long gaps = 0;
        long accounted = from;
        nint node = cpu.Read(Regions.Next);
        while (node != Regions.Address)
        {
            FileRegion region = new(node);
            long start = cpu.Read(region.From);
            if (start >= to)
            {
                break;
            }

            if (start > accounted)
            {
                pages += start - accounted;
                gaps++;
                if (!isCountOnly)
                {
                    Insert(cpu, accounted, start, new ListHead(node), payer);
                }
            }

            // A region that starts before the range may also end before it.
            accounted = Math.Max(accounted, cpu.Read(region.To));
            node = cpu.Read(region.Link.Next);
        }

        if (accounted < to)
        {
            pages += to - accounted;
            gaps++;
            if (!isCountOnly)
            {
                Insert(cpu, accounted, to, new ListHead(node), payer);
            }
        }

        return (pages, gaps);
    }

    // hugetlb_resv_map_add
    private void Insert<TCpu>(TCpu cpu, long from, long to, ListHead behind, nint payer) where TCpu : struct, ICpu
    {
        FileRegion entry = TakeEntry(cpu);
        cpu.Write(entry.From, from);
        cpu.Write(entry.To, to);
        behind.AddBefore(cpu, entry.Link);
        if (TRule.ChargesRegions)
        {
            Charge(cpu, entry, payer);
        }

        if (TRule.Coalesces)
        {
            Coalesce(cpu, entry, from, to);
        }
    }

    // get_file_region_entry_from_cache
    private FileRegion TakeEntry<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long cached = cpu.Read(CacheCount);
        cpu.BugOn(cached <= 0, "VM_BUG_ON(resv->region_cache_count <= 0)");
        cpu.Write(CacheCount, cached - 1);
        FileRegion entry = new(cpu.Read(RegionCache.Next));
        entry.Link.Delete(cpu);
        return entry;
    }

    // coalesce_file_region: merged entries are freed; they do not return to the cache.
    private void Coalesce<TCpu>(TCpu cpu, FileRegion region, long from, long to) where TCpu : struct, ICpu
    {
        FileRegion kept = region;
        FileRegion prev = new(cpu.Read(region.Link.Prev));
        if (prev.Address != Regions.Address && cpu.Read(prev.To) == from && HasSamePayer(cpu, prev, region))
        {
            cpu.Write(prev.To, to);
            FreeMerged(cpu, region);
            from = cpu.Read(prev.From);
            kept = prev;
        }

        FileRegion next = new(cpu.Read(kept.Link.Next));
        if (next.Address != Regions.Address && cpu.Read(next.From) == to && HasSamePayer(cpu, next, kept))
        {
            cpu.Write(next.From, from);
            FreeMerged(cpu, kept);
        }
    }

    private static bool HasSamePayer<TCpu>(TCpu cpu, FileRegion a, FileRegion b) where TCpu : struct, ICpu
        => !TRule.ChargesRegions || cpu.Read(Charged(a).Css) == cpu.Read(Charged(b).Css);

    private static void FreeMerged<TCpu>(TCpu cpu, FileRegion region) where TCpu : struct, ICpu
    {
        region.Link.Delete(cpu);
        if (TRule.ChargesRegions)
        {
            Uncharge(cpu, region);
        }

        cpu.Free(Entries, region.Address);
    }

    private static ChargedFileRegion Charged(FileRegion region) => new(region.Address);

    // record_hugetlb_cgroup_uncharge_info
    private static void Charge<TCpu>(TCpu cpu, FileRegion region, nint payer) where TCpu : struct, ICpu
    {
        cpu.Write(Charged(region).Css, payer);
        if (payer != 0 && TRule.TakesReferencePerRegion)
        {
            new HugetlbCgroup(payer).Get(cpu);
        }
    }

    // put_uncharge_info
    private static void Uncharge<TCpu>(TCpu cpu, FileRegion region) where TCpu : struct, ICpu
    {
        nint payer = cpu.Read(Charged(region).Css);
        if (payer != 0)
        {
            new HugetlbCgroup(payer).Put(cpu);
        }
    }
}
