using System;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

public readonly partial struct ResvMap<TRule>
{
    /// <summary>Counts what [from, to) lacks and pledges entries for an add of it (<c>region_chg</c>).</summary>
    /// <param name="from">First page.</param>
    /// <param name="to">First page behind; more than <paramref name="from"/>.</param>
    /// <returns>Pages that the map lacks, or <see cref="Errno.NoMemory"/>; and the entries pledged, which the caller
    /// hands to <see cref="RegionAdd"/> or <see cref="RegionAbort"/>.</returns>
    /// <remarks>Context: may sleep; takes <see cref="Lock"/> and drops it to allocate. The count is not repeated
    /// after that.</remarks>
    public (long Pages, long Pledge) RegionChg<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        cpu.Enter("region_chg", from, to);
        if (TRule.IsBeforeSeries)
        {
            long lacking = PledgeOneAndCount(cpu, from, to);
            cpu.Leave(lacking);
            return (lacking, 1);
        }

        Lock.Acquire(cpu);
        (long pages, long gaps) = Walk(cpu, from, to, isCountOnly: true, 0);

        // At least one: a hole may be punched into the range before it is added.
        long pledge = Math.Max(gaps, 1);
        bool hasEntries = TRule.PledgesBeforeAllocating
            ? PledgeThenAllocate(cpu, pledge)
            : AllocateThenPledge(cpu, pledge);
        if (!hasEntries)
        {
            cpu.Leave(Errno.NoMemory);
            return (Errno.NoMemory, pledge);
        }

        Lock.Release(cpu);
        cpu.Leave(pages);
        return (pages, pledge);
    }

    private bool AllocateThenPledge<TCpu>(TCpu cpu, long pledge) where TCpu : struct, ICpu
    {
        if (!AllocateEntries(cpu, pledge))
        {
            return false;
        }

        cpu.Write(AddsInProgress, cpu.Read(AddsInProgress) + pledge);
        return true;
    }

    // v7 and v12: others see a pledge whose entries do not exist, and it stays when there is no memory.
    private bool PledgeThenAllocate<TCpu>(TCpu cpu, long pledge) where TCpu : struct, ICpu
    {
        cpu.Write(AddsInProgress, cpu.Read(AddsInProgress) + pledge);
        while (cpu.Read(CacheCount) < cpu.Read(AddsInProgress))
        {
            if (!AllocateEntry(cpu))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds what [from, to) lacks, and ends a pledge (<c>region_add</c>).</summary>
    /// <param name="from">As given to <see cref="RegionChg"/>.</param>
    /// <param name="to">As given to <see cref="RegionChg"/>.</param>
    /// <param name="pledge">What <see cref="RegionChg"/> returned.</param>
    /// <param name="payer">The <see cref="HugetlbCgroup"/> that pays; 0 for none.</param>
    /// <returns>Pages added; or <see cref="Errno.NoMemory"/>, with the pledge unchanged.</returns>
    /// <remarks>Context: may sleep unless the range is one page; takes <see cref="Lock"/> and drops it to allocate.
    /// </remarks>
    public long RegionAdd<TCpu>(TCpu cpu, long from, long to, long pledge, nint payer = 0)
        where TCpu : struct, ICpu
    {
        cpu.Enter("region_add", from, to);
        if (TRule.IsBeforeSeries)
        {
            long merged = AddMerged(cpu, from, to);
            cpu.Leave(merged);
            return merged;
        }

        Lock.Acquire(cpu);
        long needed = (Walk(cpu, from, to, isCountOnly: true, 0)).Gaps;
        while (IsCacheShort(cpu, needed, pledge))
        {
            cpu.BugOn(to - from <= 1, "VM_BUG_ON(t - f <= 1)");
            if (!GetEntriesFor(cpu, needed, pledge))
            {
                cpu.Leave(Errno.NoMemory);
                return Errno.NoMemory;
            }

            needed = (Walk(cpu, from, to, isCountOnly: true, 0)).Gaps;
        }

        long added = (Walk(cpu, from, to, isCountOnly: false, payer)).Pages;
        cpu.Write(AddsInProgress, cpu.Read(AddsInProgress) - pledge);
        Lock.Release(cpu);
        cpu.BugOn(added < 0, "VM_BUG_ON(add < 0)");
        cpu.Leave(added);
        return added;
    }

    private bool IsCacheShort<TCpu>(TCpu cpu, long needed, long pledge) where TCpu : struct, ICpu
    {
        if (TRule.TestsExcessOnly && needed <= pledge)
        {
            return false;
        }

        return cpu.Read(CacheCount) < TRule.EntriesWanted(needed, pledge, cpu.Read(AddsInProgress));
    }

    private bool GetEntriesFor<TCpu>(TCpu cpu, long needed, long pledge) where TCpu : struct, ICpu
    {
        if (!TRule.PledgesBeforeAllocating)
        {
            return AllocateEntries(cpu, needed - pledge);
        }

        // v12 comes here also when the own entries are there: it gets none and asks again, for ever.
        while (cpu.Read(CacheCount) < needed)
        {
            if (!AllocateEntry(cpu))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends a pledge without an add (<c>region_abort</c>); its entries stay in the cache.</summary>
    /// <param name="from">As given to <see cref="RegionChg"/>; for the report.</param>
    /// <param name="to">As given to <see cref="RegionChg"/>; for the report.</param>
    /// <param name="pledge">What <see cref="RegionChg"/> returned.</param>
    public void RegionAbort<TCpu>(TCpu cpu, long from, long to, long pledge) where TCpu : struct, ICpu
    {
        cpu.Enter("region_abort", from, to);
        Lock.Acquire(cpu);
        cpu.BugOn(cpu.Read(CacheCount) == 0, "VM_BUG_ON(!resv->region_cache_count)");
        cpu.Write(AddsInProgress, cpu.Read(AddsInProgress) - pledge);
        Lock.Release(cpu);
        cpu.Leave();
    }
}
