using Stress.Machine;
using Stress.Mm.Hugetlb;
using Xunit;

namespace Stress.Mm.Tests.Hugetlb;

/// <summary>The structs lie in memory as their tables say.</summary>
public sealed class HugetlbLayoutTests
{
    [Fact]
    public void ListHead_Fields_StayAtTheirDocumentedOffsets()
    {
        ListHead list = new(0);
        AssertLayout<ListHead>(16, (list.Next.Address, 0), (list.Prev.Address, 8));
    }

    [Fact]
    public void FileRegion_Fields_StayAtTheirDocumentedOffsets()
    {
        FileRegion region = new(0);
        AssertLayout<FileRegion>(32, (region.Link.Address, 0), (region.From.Address, 16), (region.To.Address, 24));
        Assert.Equal(32, FileRegion.Cache.Stride);
    }

    [Fact]
    public void ChargedFileRegion_Fields_StayAtTheirDocumentedOffsets()
    {
        ChargedFileRegion region = new(0);
        AssertLayout<ChargedFileRegion>(48, (region.Region.Address, 0), (region.Css.Address, 40));
    }

    [Fact]
    public void ResvMap_Fields_StayAtTheirDocumentedOffsets()
    {
        ResvMap<Upstream> map = new(0);
        AssertLayout<ResvMap<Upstream>>(
            96,
            (map.Refs.Address, 0),
            (map.Lock.Address, 4),
            (map.Regions.Address, 8),
            (map.AddsInProgress.Address, 24),
            (map.RegionCache.Address, 32),
            (map.CacheCount.Address, 48));
    }

    [Fact]
    public void ResvMap_ListHeadSeenAsRegion_StartsAtThePledges()
    {
        // What v6 reads behind the last region.
        ResvMap<V6> map = new(0);
        Assert.Equal(map.AddsInProgress.Address, new FileRegion(map.Regions.Address).From.Address);
    }

    [Fact]
    public void HugepageSubpool_Fields_StayAtTheirDocumentedOffsets()
    {
        HugepageSubpool subpool = new(0);
        AssertLayout<HugepageSubpool>(
            64,
            (subpool.Lock.Address, 0),
            (subpool.MaxHpages.Address, 16),
            (subpool.UsedHpages.Address, 24),
            (subpool.MinHpages.Address, 40),
            (subpool.RsvHpages.Address, 48),
            (subpool.Hoped.Address, 56));
    }

    [Fact]
    public void HugetlbPool_Fields_StayAtTheirDocumentedOffsets()
    {
        HugetlbPool pool = new(0);
        AssertLayout<HugetlbPool>(
            80,
            (pool.Lock.Address, 0),
            (pool.Pages.Address, 8),
            (pool.FreePages.Address, 16),
            (pool.Reserved.Address, 24),
            (pool.Surplus.Address, 32),
            (pool.Overcommit.Address, 40),
            (pool.FreeList.Address, 48),
            (pool.ActiveList.Address, 64));
    }

    [Fact]
    public void HugeFolio_Fields_StayAtTheirDocumentedOffsets()
    {
        HugeFolio folio = new(0);
        AssertLayout<HugeFolio>(
            40,
            (folio.Lru.Address, 0),
            (folio.Flags.Address, 16),
            (folio.Subpool.Address, 24),
            (folio.RsvdCgroup.Address, 32));
    }

    [Fact]
    public void HugetlbInode_Fields_StayAtTheirDocumentedOffsets()
    {
        HugetlbInode<Upstream> inode = new(0);
        AssertLayout<HugetlbInode<Upstream>>(
            112, (inode.Map.Address, 0), (inode.Subpool.Address, 96), (inode.Pool.Address, 104));
    }

    [Fact]
    public void HugetlbVma_Fields_StayAtTheirDocumentedOffsets()
    {
        HugetlbVma<Upstream> vma = new(0);
        AssertLayout<HugetlbVma<Upstream>>(
            32,
            (vma.Flags.Address, 0),
            (vma.Inode.Address, 8),
            (vma.PrivateData.Address, 16),
            (vma.Length.Address, 24));
    }

    private static void AssertLayout<T>(int bytes, params (nint Actual, int Documented)[] fields)
        where T : IHandle
    {
        Assert.Equal(bytes, T.Bytes);
        foreach ((nint actual, int documented) in fields)
        {
            Assert.Equal(documented, actual);
            Assert.InRange(actual, 0, bytes - 1);
        }
    }
}
