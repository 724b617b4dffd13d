using System;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

public readonly partial struct ResvMap<TRule>
{
    /// <summary>Takes [from, to) out of the map (<c>region_del</c>).</summary>
    /// <param name="from">First page.</param>
    /// <param name="to">First page behind; <see cref="long.MaxValue"/> for all pages from there on: never fails.
    /// </param>
    /// <returns>Pages that were in the map; or <see cref="Errno.NoMemory"/>, with the map unchanged, when a region had
    /// to be split.</returns>
    /// <remarks>Context: may sleep; takes <see cref="Lock"/> and drops it to allocate. Not modelled: the empty
    /// regions that old versions left as placeholders. A part of a region that goes keeps its cgroup's reference.
    /// </remarks>
    public long RegionDel<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        cpu.Enter("region_del", from, to);
        long deleted = 0;
        nint spare = 0;
        Lock.Acquire(cpu);
        nint node = cpu.Read(Regions.Next);
        while (node != Regions.Address)
        {
            FileRegion region = new(node);
            long start = cpu.Read(region.From);
            if (start >= to)
            {
                break;
            }

            long end = cpu.Read(region.To);
            nint next = cpu.Read(region.Link.Next);
            if (start < from && end > to)
            {
                if (spare == 0)
                {
                    spare = TakeUnpledged(cpu);
                }

                if (spare == 0)
                {
                    Lock.Release(cpu);
                    spare = cpu.Alloc(Entries);
                    if (spare == 0)
                    {
                        cpu.Leave(Errno.NoMemory);
                        return Errno.NoMemory;
                    }

                    // Anything may have happened meanwhile. Nothing was deleted yet: a split is all there is to do.
                    Lock.Acquire(cpu);
                    node = cpu.Read(Regions.Next);
                    continue;
                }

                Split(cpu, region, new FileRegion(spare), from, to);
                spare = 0;
                deleted += to - from;
                break;
            }

            deleted += Trim(cpu, region, start, end, from, to);
            node = next;
        }

        Lock.Release(cpu);
        if (spare != 0)
        {
            cpu.Free(Entries, spare);
        }

        cpu.Leave(deleted);
        return deleted;
    }

    private nint TakeUnpledged<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.Read(CacheCount) <= cpu.Read(AddsInProgress))
        {
            return 0;
        }

        return (TakeEntry(cpu)).Address;
    }

    private static void Split<TCpu>(TCpu cpu, FileRegion region, FileRegion right, long from, long to)
        where TCpu : struct, ICpu
    {
        cpu.Write(right.From, to);
        cpu.Write(right.To, cpu.Read(region.To));
        if (TRule.ChargesRegions)
        {
            Charge(cpu, right, cpu.Read(Charged(region).Css));
        }

        cpu.Write(region.To, from);
        region.Link.AddAfter(cpu, right.Link);
    }

    // Returns how many pages of the region are gone.
    private static long Trim<TCpu>(TCpu cpu, FileRegion region, long start, long end, long from, long to)
        where TCpu : struct, ICpu
    {
        if (end <= from)
        {
            return 0;
        }

        if (from <= start && to >= end)
        {
            FreeMerged(cpu, region);
            return end - start;
        }

        if (from <= start)
        {
            cpu.Write(region.From, to);
            return to - start;
        }

        cpu.Write(region.To, from);
        return end - from;
    }

    /// <summary>Counts the pages of [from, to) that are in the map (<c>region_count</c>).</summary>
    public long RegionCount<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        cpu.Enter("region_count", from, to);
        long pages = 0;
        Lock.Acquire(cpu);
        nint node = cpu.Read(Regions.Next);
        while (node != Regions.Address)
        {
            FileRegion region = new(node);
            long start = cpu.Read(region.From);
            if (start >= to)
            {
                break;
            }

            pages += Math.Max(0, Math.Min(cpu.Read(region.To), to) - Math.Max(start, from));
            node = cpu.Read(region.Link.Next);
        }

        Lock.Release(cpu);
        cpu.Leave(pages);
        return pages;
    }
}
