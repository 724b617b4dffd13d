using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>The steps of a reservation that go through the subpool to the pool, and their undoing.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>Invariant, while no call is open: what the pool has reserved is what the subpools hold of their guarantees
/// plus all reservations handed out. Source: the labels at the end of <c>hugetlb_reserve_pages</c>, v5.5 to v6.18.
/// </remarks>
public static partial class SubpoolAccounting<TRule>
    where TRule : struct, IHugetlbRule
{
    /// <summary>Takes pages from the subpool, and reserves in the pool what it did not hold.</summary>
    /// <returns>How many the pool has reserved; or an error, with nothing taken.</returns>
    public static long Take<TCpu>(TCpu cpu, HugepageSubpool subpool, HugetlbPool pool, long pages)
        where TCpu : struct, ICpu
    {
        long global = Get(cpu, subpool, pages);
        if (global < 0)
        {
            return Errno.NoSpace;
        }

        if (pool.Account(cpu, global) < 0)
        {
            FallBack(cpu, subpool, pool, pages, global);
            return Errno.NoMemory;
        }

        Settle(cpu, subpool, global);
        return global;
    }

    /// <summary>Takes pages from the subpool alone; <see cref="Settle"/> or <see cref="FallBack"/> follows.</summary>
    /// <returns>As <see cref="HugepageSubpool.Get"/>.</returns>
    public static long Get<TCpu>(TCpu cpu, HugepageSubpool subpool, long pages) where TCpu : struct, ICpu
        => subpool.Get(cpu, pages, TRule.CountsHoped);

    /// <summary>Says that the pool has given what the subpool did not hold.</summary>
    public static void Settle<TCpu>(TCpu cpu, HugepageSubpool subpool, long global) where TCpu : struct, ICpu
    {
        if (TRule.CountsHoped)
        {
            subpool.Settle(cpu, global);
        }
    }

    /// <summary>Gives reservations back: the subpool keeps what its guarantee lacks.</summary>
    public static void Return<TCpu>(TCpu cpu, HugepageSubpool subpool, HugetlbPool pool, long pages)
        where TCpu : struct, ICpu
        => pool.Account(cpu, -subpool.Put(cpu, pages));

    /// <summary>Undoes <see cref="Take"/> after <c>region_add</c> had no memory.</summary>
    /// <param name="global">What <see cref="Take"/> returned.</param>
    public static void UndoAdd<TCpu>(TCpu cpu, HugepageSubpool subpool, HugetlbPool pool, long pages, long global)
        where TCpu : struct, ICpu
    {
        if (TRule.UndoesAddByPut)
        {
            Return(cpu, subpool, pool, pages);
            return;
        }

        pool.Account(cpu, -global);
        FallBack(cpu, subpool, pool, pages, global);
    }

    /// <summary>Undoes a <see cref="HugepageSubpool.Get"/> whose global part the pool did not reserve, or has released.
    /// </summary>
    /// <param name="pages">Pages taken from the subpool.</param>
    /// <param name="global">How many of them it did not hold.</param>
    public static void FallBack<TCpu>(TCpu cpu, HugepageSubpool subpool, HugetlbPool pool, long pages, long global)
        where TCpu : struct, ICpu
    {
        if (TRule.Fallback == SubpoolFallback.PutAll)
        {
            subpool.Put(cpu, pages);
            return;
        }

        if (TRule.Fallback == SubpoolFallback.CorrectUsedThenPutOwn)
        {
            subpool.CorrectUsed(cpu, global, TRule.CountsHoped);
        }

        if (pages > global)
        {
            Return(cpu, subpool, pool, pages - global);
        }

        if (TRule.Fallback == SubpoolFallback.PutOwnThenCorrectUsed)
        {
            subpool.CorrectUsed(cpu, global);
        }
    }
}
