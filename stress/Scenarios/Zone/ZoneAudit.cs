using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>What must hold of a zone while nobody holds its lock: the counts, the lists, and the types.</summary>
public readonly partial struct ZoneAudit<TRule, TSize>(Zone<TRule, TSize> zone)
    where TRule : struct, IZoneRule
    where TSize : struct, IZoneSize
{
    public const string ListBroken = "a free list is whole and holds free buddies of its order";
    public const string TypeWrong = "every pageblock of a free page has the type of the page's list";
    public const string LengthWrong = "nr_free is the length of the lists";
    public const string TypedLengthWrong = "a page is taken off the list of its own type";
    public const string Overlap = "free pages are disjoint, and all of them on lists";
    public const string FreeWrong = "NR_FREE_PAGES is what lies on the lists that are not isolated";
    public const string IsolatedWrong = "nr_isolate_pageblock counts the isolated pageblocks";

    // Returns the free pages, isolated ones too.
    public long Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        CheckTypes(cpu);
        (long free, long isolated) = CountLists(cpu);
        cpu.Require(zone.FreePagesSnapshot(cpu) == free, FreeWrong);
        CheckTypedLengths(cpu);
        cpu.Require(cpu.Read(zone.NrIsolatePageblock) == zone.IsolatedBlocks(cpu), IsolatedWrong);
        return free + isolated;
    }

    // While tasks run: only when none of them is in the middle of a change.
    public void CheckSettled<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (zone.IsSettled(cpu))
        {
            Check(cpu);
        }
    }

    public void CheckTypes<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (int order = 0; order <= TSize.MaxOrder; order++)
        {
            for (int type = 0; type < MigrateType.Count; type++)
            {
                cpu.Require(zone.SoundLength(cpu, order, type) >= 0, ListBroken);
                cpu.Require(zone.AreTypesRight(cpu, order, type), TypeWrong);
            }
        }
    }

    public void CheckTypedLengths<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (int order = 0; order <= TSize.MaxOrder; order++)
        {
            for (int type = 0; type < MigrateType.Count; type++)
            {
                long length = zone.SoundLength(cpu, order, type);
                cpu.Require(cpu.Read(zone.Area(order).NrOfType(type)) == length, TypedLengthWrong);
            }
        }
    }

    // What the allocator may hand out, and what it may not.
    public (long Free, long Isolated) CountLists<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long free = 0;
        long isolated = 0;
        long buddies = 0;
        for (int order = 0; order <= TSize.MaxOrder; order++)
        {
            long lengths = 0;
            for (int type = 0; type < MigrateType.Count; type++)
            {
                long length = zone.SoundLength(cpu, order, type);
                lengths += length;
                long pages = length << order;
                free += type != MigrateType.Isolate ? pages : 0;
                isolated += type == MigrateType.Isolate ? pages : 0;
            }

            buddies += lengths;
            cpu.Require(cpu.Read(zone.Area(order).NrFree) == lengths, LengthWrong);
        }

        cpu.Require(zone.DisjointBuddies(cpu) == buddies, Overlap);
        return (free, isolated);
    }
}
