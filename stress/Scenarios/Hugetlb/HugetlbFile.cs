using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A file of eight huge pages: its reservations, its pages, and the lock of mmap and truncation.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field
///      0    112  Inode
///    112     40  Rwsem      i_rwsem: held for writing by mmap and by truncation, so they exclude each other
///    152      8  Size       in pages: faults behind it fail; written by the holder of Rwsem
///    160     64  Cached     the page cache; a page's slot belongs to the holder of its fault mutex
/// </code>
/// </remarks>
public readonly partial struct HugetlbFile<TRule>(nint at) : IHandle
    where TRule : struct, IHugetlbRule
{
    public const int Pages = 8;

    public static int Bytes => 224;

    public nint Address => at;

    public HugetlbInode<TRule> Inode => new(at);

    public RwSemaphore Rwsem => new(at + 112, HugetlbBlockLocks.InodeRwsem);

    public AtomicS64 Size => new(at + 152);

    public PlainPtr Cached(long page) => new(at + 160 + ((nint)page * 8));

    public void Prepare<TCpu>(TCpu cpu, HugepageSubpool subpool, HugetlbPool pool) where TCpu : struct, ICpu
    {
        cpu.Label(Inode, "inode");
        cpu.Label(Inode.Map, "resv");
        Inode.Initialize(cpu, subpool, pool);
        Rwsem.Initialize(cpu);
        cpu.Write(Size, (long)Pages);
    }

    // hugetlbfs_file_mmap
    public long Mmap<TCpu>(TCpu cpu, long from, long to) where TCpu : struct, ICpu
    {
        Rwsem.DownWrite(cpu);
        long result = Inode.Reserve(cpu, from, to);
        if (result == 0 && cpu.ReadOnce(Size) < to)
        {
            cpu.WriteOnce(Size, to);
        }

        Rwsem.UpWrite(cpu);
        return result;
    }

    // hugetlb_add_to_page_cache: from now on the page's reservation is used up.
    public void Insert<TCpu>(TCpu cpu, long page, HugeFolio folio) where TCpu : struct, ICpu
    {
        folio.Clear(cpu, HugeFolio.RestoreReserve);
        cpu.Write(Cached(page), folio.Address);
    }

    // hugetlb_vmtruncate: the pages first, then all reservations at once.
    public void Truncate<TCpu>(TCpu cpu, long from, Mutex faultMutex) where TCpu : struct, ICpu
    {
        Rwsem.DownWrite(cpu);

        // Relaxed: a fault reads it with the mutex held that is taken for its page below.
        cpu.WriteOnce(Size, from);
        long freed = 0;
        for (long page = from; page < Pages; page++)
        {
            faultMutex.Acquire(cpu);
            HugeFolio folio = Remove(cpu, page);
            if (folio.Address != 0)
            {
                new HugetlbPool(cpu.Read(Inode.Pool)).Free(cpu, folio);
                freed++;
            }

            faultMutex.Release(cpu);
        }

        Inode.Unreserve(cpu, from, long.MaxValue, freed);
        Rwsem.UpWrite(cpu);
    }

    // hugetlbfs_punch_hole: each page with its own reservation; pages that are not there keep theirs.
    public void PunchHole<TCpu>(TCpu cpu, long from, long to, Mutex faultMutex) where TCpu : struct, ICpu
    {
        Rwsem.DownWrite(cpu);
        for (long page = from; page < to; page++)
        {
            faultMutex.Acquire(cpu);
            HugeFolio folio = Remove(cpu, page);
            if (folio.Address != 0)
            {
                while (Inode.Unreserve(cpu, page, page + 1, freed: 1) != 0)
                {
                    // Deviation: without memory to split a region the kernel goes on and corrects the counts
                    // (hugetlb_fix_reserve_counts), as far as quota and pool let it. Here it is tried again.
                }

                new HugetlbPool(cpu.Read(Inode.Pool)).Free(cpu, folio);
            }

            faultMutex.Release(cpu);
        }

        Rwsem.UpWrite(cpu);
    }

    // Takes a page out of the page cache. Context: its fault mutex is held.
    public HugeFolio Remove<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        HugeFolio folio = new(cpu.Read(Cached(page)));
        cpu.Write(Cached(page), 0);
        return folio;
    }

    public long CachedPages<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long cached = 0;
        for (long page = 0; page < Pages; page++)
        {
            cached += cpu.Read(Cached(page)) != 0 ? 1 : 0;
        }

        return cached;
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        for (long page = 0; page < Pages; page++)
        {
            HugeFolio folio = new(cpu.Read(Cached(page)));
            if (folio.Address != 0)
            {
                new HugetlbPool(cpu.Read(Inode.Pool)).Free(cpu, folio);
            }
        }

        Inode.Map.Release(cpu);
    }
}
