using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>A hugetlbfs file: what its inode and superblock say about reservations.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field    written by  read by
///      0     96  Map      see ResvMap
///     96      8  Subpool  once        anybody
///    104      8  Pool     once        anybody
/// </code>
/// Deviation: the map lies in the inode; in the kernel it is an object of its own with the inode's life.
/// Not modelled: cgroup charges of the pool, NORESERVE, the inode's rw_semaphore (callers that need it hold it).
/// Source: <c>mm/hugetlb.c</c>, v6.12 and the versions that <typeparamref name="TRule"/> names.
/// </remarks>
public readonly partial struct HugetlbInode<TRule>(nint at) : IHandle
    where TRule : struct, IHugetlbRule
{
    /// <inheritdoc/>
    public static int Bytes => 112;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The pages that are reserved or instantiated (<c>inode_resv_map</c>).</summary>
    public ResvMap<TRule> Map => new(at);

    /// <summary>The mount's <see cref="HugepageSubpool"/>; 0 for none (<c>subpool_inode</c>).</summary>
    public PlainPtr Subpool => new(at + 96);

    /// <summary>The <see cref="HugetlbPool"/> (<c>hstate_inode</c>).</summary>
    public PlainPtr Pool => new(at + 104);

    /// <summary>Makes a file without reservations.</summary>
    public void Initialize<TCpu>(TCpu cpu, HugepageSubpool subpool, HugetlbPool pool) where TCpu : struct, ICpu
    {
        Map.Initialize(cpu);
        cpu.Write(Subpool, subpool.Address);
        cpu.Write(Pool, pool.Address);
    }

    /// <summary>Reserves [from, to) of the file for a shared mapping (<c>hugetlb_reserve_pages</c>).</summary>
    /// <returns>0; <see cref="Errno.NoMemory"/> or <see cref="Errno.NoSpace"/>, with nothing reserved.</returns>
    /// <remarks>Context: may sleep. The map's, the subpool's and the pool's lock are taken one after another, never
    /// one inside another. For private mappings see <see cref="HugetlbVma{TRule}.Reserve"/>.</remarks>
    public long Reserve<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_reserve_pages", from, to);

        // What an unset variable holds is the stack's affair: here it is -1 or 0.
        long add = TRule.LeavesAddUnset ? cpu.Choose(2) - 1L : -1;
        (long chg, long pledge) = Map.RegionChg(cpu, from, to);
        if (chg < 0)
        {
            cpu.Leave(Errno.NoMemory);
            return Errno.NoMemory;
        }

        HugepageSubpool subpool = new(cpu.Read(Subpool));
        HugetlbPool pool = new(cpu.Read(Pool));
        long result = SubpoolAccounting<TRule>.Take(cpu, subpool, pool, chg);
        if (result >= 0)
        {
            long global = result;
            result = 0;
            add = Map.RegionAdd(cpu, from, to, pledge);
            if (add < 0)
            {
                SubpoolAccounting<TRule>.UndoAdd(cpu, subpool, pool, chg, global);
                result = TRule.ReportsAddFailure ? Errno.NoMemory : 0;
            }
            else if (chg > add && TRule.ReserveGivesBackRaced)
            {
                // Faults have added pages between region_chg and region_add: they are accounted for already.
                SubpoolAccounting<TRule>.Return(cpu, subpool, pool, chg - add);
            }
        }

        if (add < 0)
        {
            Map.RegionAbort(cpu, from, to, pledge);
        }

        cpu.Leave(result);
        return result;
    }

    /// <summary>Gives the reservations of [from, to) back (<c>hugetlb_unreserve_pages</c>).</summary>
    /// <param name="freed">How many pages of the range were instantiated, and freed by the caller.</param>
    /// <returns>0, or <see cref="Errno.NoMemory"/> when a region could not be split.</returns>
    public long Unreserve<TCpu>(TCpu cpu, long from, long to, long freed = 0) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_unreserve_pages", from, to);
        long chg = Map.RegionDel(cpu, from, to);
        if (chg < 0)
        {
            cpu.Leave(chg);
            return chg;
        }

        SubpoolAccounting<TRule>.Return(
            cpu, new HugepageSubpool(cpu.Read(Subpool)), new HugetlbPool(cpu.Read(Pool)), chg - freed);
        cpu.Leave(0);
        return 0;
    }
}
