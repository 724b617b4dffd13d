using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <content>Pages for faults.</content>
public readonly partial struct HugetlbVma<TRule>
{
    /// <summary>Takes a page for a fault (<c>alloc_hugetlb_folio</c>).</summary>
    /// <param name="page">Its number in the mapping.</param>
    /// <returns>The page; its address is 0 when there is none, or no memory.</returns>
    /// <remarks>Context: may sleep; the fault mutex of the page is held, where somebody else may fault on it.
    /// Locks, one after another: the map's, the subpool's, <c>hugetlb_lock</c>, the map's.</remarks>
    public HugeFolio Allocate<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        cpu.Enter("alloc_hugetlb_folio", page);
        HugetlbInode<TRule> inode = new(cpu.Read(Inode));
        HugepageSubpool subpool = new(cpu.Read(inode.Subpool));
        HugetlbPool pool = new(cpu.Read(inode.Pool));
        long mapChg = Needs(cpu, page);
        if (mapChg < 0)
        {
            cpu.Leave(Errno.NoMemory);
            return new HugeFolio(0);
        }

        long globalChg = mapChg;
        if (mapChg > 0)
        {
            globalChg = SubpoolAccounting<TRule>.Get(cpu, subpool, 1);
            if (globalChg < 0)
            {
                End(cpu, page);
                cpu.Leave(Errno.NoSpace);
                return new HugeFolio(0);
            }
        }

        HugeFolio folio = TakePage(cpu, pool, hasReserve: globalChg == 0);
        if (folio.Address == 0)
        {
            PutBack(cpu, subpool, pool, mapChg, globalChg);
            End(cpu, page);
            cpu.Leave(Errno.NoSpace);
            return folio;
        }

        if (mapChg > 0)
        {
            SubpoolAccounting<TRule>.Settle(cpu, subpool, globalChg);
        }

        cpu.Write(folio.Subpool, subpool.Address);
        long commit = Commit(cpu, page);
        if (mapChg > commit && TRule.FaultGivesBackRaced)
        {
            // hugetlb_reserve_pages has added the page between Needs and Commit, and has paid for it.
            SubpoolAccounting<TRule>.Return(cpu, subpool, pool, 1);
        }

        cpu.Leave(0);
        return folio;
    }

    private static HugeFolio TakePage<TCpu>(TCpu cpu, HugetlbPool pool, bool hasReserve) where TCpu : struct, ICpu
    {
        pool.Lock.AcquireIrq(cpu);
        HugeFolio folio = pool.Dequeue(cpu, hasReserve);
        if (folio.Address == 0)
        {
            pool.Lock.ReleaseIrq(cpu);
            folio = pool.AllocateSurplus(cpu);
            if (folio.Address == 0)
            {
                return folio;
            }

            pool.Lock.AcquireIrq(cpu);
            if (hasReserve)
            {
                pool.UseReserve(cpu, folio);
            }

            pool.ActiveList.AddAfter(cpu, folio.Lru);
        }

        pool.Lock.ReleaseIrq(cpu);
        return folio;
    }

    // out_subpool_put: v6.12 ignores what the put returns; later ones put only what came out of the guarantee.
    private static void PutBack<TCpu>(
        TCpu cpu, HugepageSubpool subpool, HugetlbPool pool, long mapChg, long globalChg) where TCpu : struct, ICpu
    {
        if (mapChg > 0)
        {
            SubpoolAccounting<TRule>.FallBack(cpu, subpool, pool, 1, globalChg);
        }
    }

    /// <summary>Makes map and page agree again before a page that was not used is freed
    /// (<c>restore_reserve_on_error</c>).</summary>
    public void RestoreReserve<TCpu>(TCpu cpu, long page, HugeFolio folio) where TCpu : struct, ICpu
    {
        if (!TRule.RestoresMap)
        {
            return;
        }

        cpu.Enter("restore_reserve_on_error", page);
        long needs = Needs(cpu, page);
        if (folio.Has(cpu, HugeFolio.RestoreReserve))
        {
            if (needs < 0)
            {
                // Without memory for the map the free must not give a reservation back that nobody could use.
                folio.Clear(cpu, HugeFolio.RestoreReserve);
            }
            else if (needs > 0)
            {
                Add(cpu, page);
            }
            else
            {
                End(cpu, page);
            }
        }
        else
        {
            DropReserve(cpu, page, folio, needs);
        }

        cpu.Leave();
    }

    // The page came without a reservation: the map must not say that there is one.
    private void DropReserve<TCpu>(TCpu cpu, long page, HugeFolio folio, long needs) where TCpu : struct, ICpu
    {
        if (needs == 0)
        {
            if (Delete(cpu, page) < 0)
            {
                folio.Set(cpu, HugeFolio.RestoreReserve);
            }
        }
        else if (needs > 0)
        {
            End(cpu, page);
        }
        else if (!IsShared(cpu))
        {
            folio.Set(cpu, HugeFolio.RestoreReserve);
        }
    }
}
