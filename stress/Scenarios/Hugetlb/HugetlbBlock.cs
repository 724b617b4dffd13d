using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two files of one mount, its quota, a mapping of the first file, and the pool of pages: the root block of
/// the scenarios that count.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field
///      0    224  File
///    224    224  OtherFile
///    448     64  Subpool
///    512     80  Pool
///    592     32  Vma
///    640     96  PrivateMap
///    736     32  FaultMutex
/// </code>
/// Deviation: one fault mutex instead of a table of them.
/// </remarks>
public readonly partial struct HugetlbBlock<TRule>(nint at) : IHandle
    where TRule : struct, IHugetlbRule
{
    public const string CountWrong = "resv_huge_pages is what the guarantee and the reservations hold";
    public const string UsedWrong = "used_hpages counts the pages that are reserved or in use";
    public const string GuaranteeLost = "the guarantee is whole when nothing is reserved";

    public static int Bytes => 768;

    public nint Address => at;

    public HugetlbFile<TRule> File => new(at);

    public HugetlbFile<TRule> OtherFile => new(at + 224);

    public HugepageSubpool Subpool => new(at + 448);

    public HugetlbPool Pool => new(at + 512);

    public HugetlbVma<TRule> Vma => new(at + 592);

    public ResvMap<TRule> PrivateMap => new(at + 640);

    public Mutex FaultMutex => new(at + 736, HugetlbLocks.FaultMutex);

    // min and max as for the subpool; max 0: no subpool.
    public void Prepare<TCpu>(TCpu cpu, long pages, long max, long min, long overcommit = 0)
        where TCpu : struct, ICpu
    {
        cpu.Label(Subpool, "spool");
        cpu.Label(Pool, "hstate");
        cpu.Label(Vma, "vma");
        Pool.Initialize(cpu, pages, overcommit);
        if (max != 0)
        {
            Subpool.Initialize(cpu, max, min);
            Pool.Account(cpu, min);
        }

        HugepageSubpool subpool = max != 0 ? Subpool : new HugepageSubpool(0);
        File.Prepare(cpu, subpool, Pool);
        OtherFile.Prepare(cpu, subpool, Pool);
        Vma.Initialize(cpu, File.Inode, isShared: true, HugetlbFile<TRule>.Pages);
        FaultMutex.Initialize(cpu);
    }

    // hugetlb_fault, for a page that may be in the file already.
    public void Fault<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        FaultMutex.Acquire(cpu);
        if (page < cpu.ReadOnce(File.Size) && cpu.Read(File.Cached(page)) == 0)
        {
            HugeFolio folio = Vma.Allocate(cpu, page);
            if (folio.Address != 0)
            {
                File.Insert(cpu, page, folio);
            }
        }

        FaultMutex.Release(cpu);
    }

    // One operation of a hammer: the first role also faults.
    public void Any<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long from = cpu.Choose(HugetlbFile<TRule>.Pages);
        long to = from + 1 + cpu.Choose((uint)(HugetlbFile<TRule>.Pages - from));
        HugetlbFile<TRule> file = role == 0 ? File : OtherFile;
        switch (cpu.Choose(4))
        {
            case 0:
                file.Mmap(cpu, from, to);
                break;
            case 1:
                file.Truncate(cpu, from, FaultMutex);
                break;
            case 2:
                file.PunchHole(cpu, from, to, FaultMutex);
                break;
            default:
                Fault(cpu, from);
                break;
        }
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MapSteps<TRule>.Check(cpu, File.Inode.Map);
        MapSteps<TRule>.Check(cpu, OtherFile.Inode.Map);
        long pages = File.Inode.Map.SoundPages(cpu) + OtherFile.Inode.Map.SoundPages(cpu);
        long cached = File.CachedPages(cpu) + OtherFile.CachedPages(cpu);
        long guarantee = 0;
        if (cpu.Read(File.Inode.Subpool) != 0)
        {
            guarantee = cpu.Read(Subpool.RsvHpages);
            cpu.Require(cpu.Read(Subpool.UsedHpages) == pages, UsedWrong);
            cpu.Require(pages != 0 || cpu.Read(Subpool.MinHpages) <= guarantee, GuaranteeLost);
        }

        cpu.Require(cpu.Read(Pool.Reserved) == guarantee + pages - cached, CountWrong);
        cpu.Require(cpu.Read(Pool.Pages) == cpu.Read(Pool.FreePages) + cached, "every page is free or in use");
        cpu.Require(cpu.Read(Pool.Surplus) <= cpu.Read(Pool.Overcommit), "surplus_huge_pages is within its limit");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        File.Teardown(cpu);
        OtherFile.Teardown(cpu);
        Pool.Release(cpu);
    }
}
