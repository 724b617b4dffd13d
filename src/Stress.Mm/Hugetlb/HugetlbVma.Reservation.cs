using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <content>One page's reservation (<c>__vma_reservation_common</c>). Results are 1 when the page needs one from the
/// subpool, 0 when it has one; in a private mapping's map an entry says that it was used up, so they are inverted.
/// </content>
public readonly partial struct HugetlbVma<TRule>
{
    /// <summary>Asks for a page's reservation and pledges an entry (<c>vma_needs_reservation</c>).</summary>
    /// <returns>1 without one, 0 with one; or <see cref="Errno.NoMemory"/>, with nothing pledged.</returns>
    /// <remarks>Ended by <see cref="Commit"/>, <see cref="End"/>, <see cref="Add"/> or <see cref="Delete"/>.</remarks>
    public long Needs<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        ResvMap<TRule> map = Map(cpu);
        (long result, long pledge) = map.RegionChg(cpu, page, page + 1);
        cpu.BugOn(result >= 0 && pledge != 1, "VM_BUG_ON(dummy_out_regions_needed != 1)");
        return Inverted(cpu, result);
    }

    /// <summary>Enters a page into the map (<c>vma_commit_reservation</c>).</summary>
    /// <returns>As <see cref="Needs"/>, of the moment of the entry; cannot fail.</returns>
    public long Commit<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
        => Inverted(cpu, AddPage(cpu, Map(cpu), page));

    /// <summary>Ends what <see cref="Needs"/> began, without a change (<c>vma_end_reservation</c>).</summary>
    public void End<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
        => Map(cpu).RegionAbort(cpu, page, page + 1, 1);

    /// <summary>Gives a page its reservation back (<c>vma_add_reservation</c>).</summary>
    /// <returns>Negative without memory.</returns>
    public long Add<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        ResvMap<TRule> map = Map(cpu);
        return IsShared(cpu)
            ? AddPage(cpu, map, page)
            : Inverted(cpu, DeletePage(cpu, map, page));
    }

    /// <summary>Takes a page's reservation away (<c>vma_del_reservation</c>).</summary>
    /// <returns>Negative without memory.</returns>
    public long Delete<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        ResvMap<TRule> map = Map(cpu);
        return IsShared(cpu)
            ? DeletePage(cpu, map, page)
            : AddPage(cpu, map, page);
    }

    private static long AddPage<TCpu>(TCpu cpu, ResvMap<TRule> map, long page) where TCpu : struct, ICpu
    {
        long added = map.RegionAdd(cpu, page, page + 1, 1);
        cpu.BugOn(added < 0, "VM_BUG_ON(ret < 0)");
        return added;
    }

    private static long DeletePage<TCpu>(TCpu cpu, ResvMap<TRule> map, long page) where TCpu : struct, ICpu
    {
        map.RegionAbort(cpu, page, page + 1, 1);
        return map.RegionDel(cpu, page, page + 1);
    }

    private long Inverted<TCpu>(TCpu cpu, long result) where TCpu : struct, ICpu
    {
        if (result < 0 || IsShared(cpu))
        {
            return result;
        }

        return result > 0 ? 0 : 1;
    }
}
