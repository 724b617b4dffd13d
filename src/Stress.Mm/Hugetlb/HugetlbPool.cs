using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>The pool of huge pages of one size (<c>struct hstate</c>) and the global <c>hugetlb_lock</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by      read by
///      0      4  Lock        see QueuedSpinLock
///      8      8  Pages       holder of Lock  holder of Lock
///     16      8  Free        holder of Lock  holder of Lock
///     24      8  Reserved    holder of Lock  holder of Lock
///     32      8  Surplus     holder of Lock  holder of Lock
///     40      8  Overcommit  once            holder of Lock
///     48     16  FreeList    holder of Lock  holder of Lock
///     64     16  ActiveList  holder of Lock  holder of Lock
/// </code>
/// Invariants while the lock is free: Free is the length of FreeList; 0 &lt;= Reserved &lt;= Free + Overcommit.
/// Deviations: one node, so the per-node counts are the totals; the offsets are not those of the kernel, whose lock is
/// a variable of its own. Not modelled: cpusets, page migration, demotion, optimised vmemmap.
/// Source: <c>mm/hugetlb.c</c>, v6.12.
/// </remarks>
public readonly partial struct HugetlbPool(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 80;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards all pools and the lists; taken with interrupts off; a leaf.</summary>
    public QueuedSpinLock Lock => new(at, HugetlbLocks.Pool);

    /// <summary>All pages, surplus ones among them (<c>nr_huge_pages</c>).</summary>
    public PlainS64 Pages => new(at + 8);

    /// <summary>Pages on the free list (<c>free_huge_pages</c>).</summary>
    public PlainS64 FreePages => new(at + 16);

    /// <summary>Free pages that are promised to somebody (<c>resv_huge_pages</c>).</summary>
    /// <remarks>Signed here: the kernel's is unsigned, and an underflow shows as a huge number there.</remarks>
    public PlainS64 Reserved => new(at + 24);

    /// <summary>Pages above the pool's size (<c>surplus_huge_pages</c>).</summary>
    public PlainS64 Surplus => new(at + 32);

    /// <summary>Most surplus pages (<c>nr_overcommit_huge_pages</c>).</summary>
    public PlainS64 Overcommit => new(at + 40);

    /// <summary>Pages that nobody uses (<c>hugepage_freelists[0]</c>).</summary>
    public ListHead FreeList => new(at + 48);

    /// <summary>Pages in use (<c>hugepage_activelist</c>).</summary>
    public ListHead ActiveList => new(at + 64);

    /// <summary>Makes a pool.</summary>
    /// <param name="pages">Free pages in it.</param>
    /// <param name="overcommit">Most surplus pages.</param>
    /// <remarks>Context: nothing runs yet, and no allocation fails.</remarks>
    public void Initialize<TCpu>(TCpu cpu, long pages, long overcommit = 0) where TCpu : struct, ICpu
    {
        Lock.Initialize(cpu);
        FreeList.Initialize(cpu);
        ActiveList.Initialize(cpu);
        cpu.Write(Pages, pages);
        cpu.Write(FreePages, 0L);
        cpu.Write(Reserved, 0L);
        cpu.Write(Surplus, 0L);
        cpu.Write(Overcommit, overcommit);
        for (long i = 0; i < pages; i++)
        {
            Enqueue(cpu, HugeFolio.Create(cpu));
        }
    }

    /// <summary>Gives the memory of all free pages back; none is in use any more.</summary>
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint folio = cpu.Read(FreeList.Next);
        while (folio != FreeList.Address)
        {
            nint next = cpu.Read(new ListHead(folio).Next);
            cpu.Free(HugeFolio.Cache, folio);
            folio = next;
        }
    }

    /// <summary>Takes a free page, with or without a reservation (<c>dequeue_hugetlb_folio_vma</c>).</summary>
    /// <param name="hasReserve">Whether the caller has a reservation; it is used up, and the page remembers it.</param>
    /// <returns>The page; its address is 0 when none may be taken.</returns>
    /// <remarks>Context: <see cref="Lock"/> held.</remarks>
    public HugeFolio Dequeue<TCpu>(TCpu cpu, bool hasReserve) where TCpu : struct, ICpu
    {
        long free = cpu.Read(FreePages);
        if (!hasReserve && free - cpu.Read(Reserved) <= 0)
        {
            return new HugeFolio(0);
        }

        HugeFolio folio = new(cpu.Read(FreeList.Next));
        if (folio.Address == FreeList.Address)
        {
            return new HugeFolio(0);
        }

        folio.Lru.Delete(cpu);
        ActiveList.AddAfter(cpu, folio.Lru);
        folio.Clear(cpu, HugeFolio.Freed);
        cpu.Write(FreePages, free - 1);
        if (hasReserve)
        {
            UseReserve(cpu, folio);
        }

        return folio;
    }

    /// <summary>Uses a reservation up for a page, which gives it back when it is freed too early.</summary>
    /// <remarks>Context: <see cref="Lock"/> held.</remarks>
    public void UseReserve<TCpu>(TCpu cpu, HugeFolio folio) where TCpu : struct, ICpu
    {
        folio.Set(cpu, HugeFolio.RestoreReserve);
        cpu.Write(Reserved, cpu.Read(Reserved) - 1);
    }

    /// <summary>Frees a page that nobody uses any more (<c>free_huge_folio</c>).</summary>
    /// <remarks>Context: any; takes the subpool's lock and then <see cref="Lock"/>, interrupts off.</remarks>
    public void Free<TCpu>(TCpu cpu, HugeFolio folio) where TCpu : struct, ICpu
    {
        cpu.Enter("free_huge_folio");
        HugepageSubpool subpool = new(cpu.Read(folio.Subpool));
        bool restores = folio.Has(cpu, HugeFolio.RestoreReserve);
        folio.Clear(cpu, HugeFolio.RestoreReserve);

        // A page of the guarantee that nobody had reserved: the guarantee wants it back, reserved.
        if (!restores && subpool.Put(cpu, 1) == 0)
        {
            restores = true;
        }

        Lock.AcquireIrq(cpu);
        if (restores)
        {
            cpu.Write(Reserved, cpu.Read(Reserved) + 1);
        }

        if (folio.Has(cpu, HugeFolio.Temporary))
        {
            Remove(cpu, folio, isSurplus: false);
            Lock.ReleaseIrq(cpu);
            cpu.Free(HugeFolio.Cache, folio.Address);
        }
        else if (cpu.Read(Surplus) != 0)
        {
            Remove(cpu, folio, isSurplus: true);
            Lock.ReleaseIrq(cpu);
            cpu.Free(HugeFolio.Cache, folio.Address);
        }
        else
        {
            folio.Lru.Delete(cpu);
            Enqueue(cpu, folio);
            Lock.ReleaseIrq(cpu);
        }

        cpu.Leave();
    }

    // enqueue_hugetlb_folio, for a page that is in no list
    private void Enqueue<TCpu>(TCpu cpu, HugeFolio folio) where TCpu : struct, ICpu
    {
        FreeList.AddAfter(cpu, folio.Lru);
        cpu.Write(FreePages, cpu.Read(FreePages) + 1);
        folio.Set(cpu, HugeFolio.Freed);
    }

    // remove_hugetlb_folio
    private void Remove<TCpu>(TCpu cpu, HugeFolio folio, bool isSurplus) where TCpu : struct, ICpu
    {
        folio.Lru.Delete(cpu);
        if (folio.Has(cpu, HugeFolio.Freed))
        {
            folio.Clear(cpu, HugeFolio.Freed);
            cpu.Write(FreePages, cpu.Read(FreePages) - 1);
        }

        if (isSurplus)
        {
            cpu.Write(Surplus, cpu.Read(Surplus) - 1);
        }

        cpu.Write(Pages, cpu.Read(Pages) - 1);
    }
}
