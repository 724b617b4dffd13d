using Stress.Machine;

namespace Stress.Mm.Hugetlb;

public readonly partial struct ResvMap<TRule>
{
    /// <summary>Fills the cache until it covers all pledges and some more (<c>allocate_file_region_entries</c>).
    /// </summary>
    /// <param name="needed">How many more; at least 0.</param>
    /// <returns>False without memory: then <see cref="Lock"/> is no longer held.</returns>
    /// <remarks>Context: <see cref="Lock"/> held; drops it to allocate, and looks again afterwards.</remarks>
    private bool AllocateEntries<TCpu>(TCpu cpu, long needed) where TCpu : struct, ICpu
    {
        cpu.BugOn(needed < 0, "VM_BUG_ON(regions_needed < 0)");
        long pledged = cpu.Read(AddsInProgress);
        long cached = cpu.Read(CacheCount);
        if (cached >= pledged + needed)
        {
            // The kernel initialises its list before it looks: nobody can see the difference.
            return true;
        }

        ListHead fresh = FreshEntries(cpu);
        fresh.Initialize(cpu);
        do
        {
            cpu.BugOn(cached < pledged, "VM_BUG_ON(resv->region_cache_count < resv->adds_in_progress)");
            long missing = pledged + needed - cached;
            Lock.Release(cpu);
            if (!AllocateInto(cpu, fresh, missing))
            {
                return false;
            }

            Lock.Acquire(cpu);
            fresh.SpliceInto(cpu, RegionCache);
            if (TRule.EmptiesSplicedList)
            {
                fresh.Initialize(cpu);
            }

            cached = cpu.Read(CacheCount) + missing;
            cpu.Write(CacheCount, cached);

            // Others may have pledged, and taken, entries meanwhile.
            pledged = cpu.Read(AddsInProgress);
        }
        while (cached < pledged + needed);
        return true;
    }

    // The on-stack list_head. Nobody else may reach it, unless it is spliced and left as it is.
    private static ListHead FreshEntries<TCpu>(TCpu cpu) where TCpu : struct, ICpu => new(cpu.Current.Scratch);

    private static bool AllocateInto<TCpu>(TCpu cpu, ListHead fresh, long count) where TCpu : struct, ICpu
    {
        for (long i = 0; i < count; i++)
        {
            nint entry = cpu.Alloc(Entries);
            if (entry == 0)
            {
                FreeEntries(cpu, fresh);
                return false;
            }

            fresh.AddAfter(cpu, new FileRegion(entry).Link);
        }

        return true;
    }

    /// <summary>Adds one entry to the cache, as the loops up to v12 do.</summary>
    /// <returns>False without memory: then <see cref="Lock"/> is no longer held.</returns>
    /// <remarks>Context: <see cref="Lock"/> held; drops it to allocate.</remarks>
    private bool AllocateEntry<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.Release(cpu);
        nint entry = cpu.Alloc(Entries);
        if (entry == 0)
        {
            return false;
        }

        Lock.Acquire(cpu);
        RegionCache.AddAfter(cpu, new FileRegion(entry).Link);
        cpu.Write(CacheCount, cpu.Read(CacheCount) + 1);
        return true;
    }
}
