using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>One file, its quota, its mapping and the pool of pages: the root block of the scenarios that count.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field
///      0    112  Inode
///    128     56  Subpool
///    192     80  Pool
///    320     32  Vma
///    384     96  PrivateMap
///    512     32  FaultMutex
///    576     64  Cached     the page cache: 8 pages
///    640     32  Scratch    of a scenario's own
/// </code>
/// Deviation: one fault mutex instead of a table of them.
/// </remarks>
public readonly partial struct HugetlbBlock<TRule>(nint at) : IHandle
    where TRule : struct, IHugetlbRule
{
    public const int CacheSlots = 8;

    public const string CountWrong = "resv_huge_pages is what the guarantee and the reservations hold";
    public const string UsedWrong = "used_hpages counts the pages that are reserved or in use";
    public const string GuaranteeLost = "the guarantee is whole when nothing is reserved";

    public static int Bytes => 672;

    public nint Address => at;

    public HugetlbInode<TRule> Inode => new(at);

    public HugepageSubpool Subpool => new(at + 128);

    public HugetlbPool Pool => new(at + 192);

    public HugetlbVma<TRule> Vma => new(at + 320);

    public ResvMap<TRule> PrivateMap => new(at + 384);

    public Mutex FaultMutex => new(at + 512, HugetlbLocks.FaultMutex);

    public nint Scratch => at + 640;

    public PlainPtr Cached(long page) => new(at + 576 + ((nint)page * 8));

    // min and max as for the subpool; max 0: no subpool.
    public void Prepare<TCpu>(TCpu cpu, long pages, long max, long min) where TCpu : struct, ICpu
    {
        cpu.Label(Inode, "inode");
        cpu.Label(Inode.Map, "resv");
        cpu.Label(Subpool, "spool");
        cpu.Label(Pool, "hstate");
        cpu.Label(Vma, "vma");
        Pool.Initialize(cpu, pages);
        if (max != 0)
        {
            Subpool.Initialize(cpu, max, min);
            Pool.Account(cpu, min);
        }

        Inode.Initialize(cpu, max != 0 ? Subpool : new HugepageSubpool(0), Pool);
        FaultMutex.Initialize(cpu);
    }

    // Brings a page into the file. Context: the fault mutex is held, where others may fault on the page.
    public void Fault<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        HugeFolio folio = Vma.Allocate(cpu, page);
        if (folio.Address != 0)
        {
            Insert(cpu, page, folio);
        }
    }

    // hugetlb_add_to_page_cache: from now on the page's reservation is used up.
    public void Insert<TCpu>(TCpu cpu, long page, HugeFolio folio) where TCpu : struct, ICpu
    {
        folio.Clear(cpu, HugeFolio.RestoreReserve);
        cpu.Write(Cached(page), folio.Address);
    }

    // remove_inode_hugepages, for one page. Context: the fault mutex is held.
    public void Truncate<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        HugeFolio folio = new(cpu.Read(Cached(page)));
        if (folio.Address == 0)
        {
            Inode.Unreserve(cpu, page, page + 1);
            return;
        }

        cpu.Write(Cached(page), 0);
        if (Inode.Unreserve(cpu, page, page + 1, freed: 1) != 0)
        {
            Inode.FixReserveCounts(cpu);
        }

        Pool.Free(cpu, folio);
    }

    // A hammer's reservation or its end.
    public void ReserveOrTruncate<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(CacheSlots);
        long to = from + 1 + cpu.Choose((uint)(CacheSlots - from));
        if (cpu.Choose(2) == 0)
        {
            Inode.Reserve(cpu, from, to);
            return;
        }

        for (long page = from; page < to; page++)
        {
            FaultMutex.Acquire(cpu);
            Truncate(cpu, page);
            FaultMutex.Release(cpu);
        }
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MapSteps<TRule>.Check(cpu, Inode.Map);
        long pages = Inode.Map.SoundPages(cpu);
        long cached = 0;
        for (long page = 0; page < CacheSlots; page++)
        {
            cached += cpu.Read(Cached(page)) != 0 ? 1 : 0;
        }

        long guarantee = 0;
        if (cpu.Read(Inode.Subpool) != 0)
        {
            guarantee = cpu.Read(Subpool.RsvHpages);
            cpu.Require(cpu.Read(Subpool.UsedHpages) == pages, UsedWrong);
            cpu.Require(pages != 0 || cpu.Read(Subpool.MinHpages) <= guarantee, GuaranteeLost);
        }

        cpu.Require(cpu.Read(Pool.Reserved) == guarantee + pages - cached, CountWrong);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (long page = 0; page < CacheSlots; page++)
        {
            HugeFolio folio = new(cpu.Read(Cached(page)));
            if (folio.Address != 0)
            {
                Pool.Free(cpu, folio);
            }
        }

        Inode.Map.Release(cpu);
        Pool.Release(cpu);
    }
}
