using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two threads fill the same missing page of a file by UFFDIO_COPY, from memory that must be faulted in.
/// </summary>
/// <remarks>Source: <c>hugetlb_mcopy_atomic_pte</c>, v5.12 and v5.14. The copy itself is not modelled: it always finds
/// that the source page is missing, which is the path on which the fault mutex is dropped.</remarks>
public readonly partial struct UffdCopy<TCopy>(nint root) : IScenario<UffdCopy<TCopy>>
    where TCopy : struct, IUffdCopyRule
{
    private const long Page = 0;

    private readonly HugetlbBlock<UpstreamFixed> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = HugetlbBlock<UpstreamFixed>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static UffdCopy<TCopy> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pages: 3, max: 0, min: 0);
        _block.File.Mmap(cpu, Page, Page + 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (TCopy.KeepsReservedPage)
        {
            CopyIntoReservedPage(cpu);
        }
        else
        {
            CopyIntoTemporaryPage(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        Act(cpu, role);

        // Under the fault mutex: a failed copy into a page that nobody has reserved takes its entry out of the map, and
        // hugetlb_reserve_pages does not expect that between its two steps.
        _block.FaultMutex.Acquire(cpu);
        HugeFolio folio = _block.File.Remove(cpu, Page);
        if (folio.Address != 0)
        {
            _block.File.Inode.Unreserve(cpu, Page, Page + 1, freed: 1);
            _block.Pool.Free(cpu, folio);
            _block.File.Inode.Reserve(cpu, Page, Page + 1);
        }

        _block.FaultMutex.Release(cpu);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.Read(_block.Pool.Reserved) >= 0, "resv_huge_pages >= 0");

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);

    // Before 8cc5fcbb5be8: the page keeps the reservation while the mutex is free.
    private void CopyIntoReservedPage<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.FaultMutex.Acquire(cpu);
        if (cpu.Read(_block.File.Cached(Page)) != 0)
        {
            _block.FaultMutex.Release(cpu);
            return;
        }

        HugeFolio folio = _block.Vma.Allocate(cpu, Page);
        _block.FaultMutex.Release(cpu);
        if (folio.Address != 0)
        {
            InsertOrFree(cpu, folio);
        }
    }

    private void InsertOrFree<TCpu>(TCpu cpu, HugeFolio folio) where TCpu : struct, ICpu
    {
        _block.FaultMutex.Acquire(cpu);
        if (cpu.Read(_block.File.Cached(Page)) == 0)
        {
            _block.File.Insert(cpu, Page, folio);
        }
        else
        {
            _block.Vma.RestoreReserve(cpu, Page, folio);
            _block.Pool.Free(cpu, folio);
        }

        _block.FaultMutex.Release(cpu);
    }

    // Since 8cc5fcbb5be8: the page goes back, and a page outside of the pool takes the copy.
    private void CopyIntoTemporaryPage<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.FaultMutex.Acquire(cpu);
        if (cpu.Read(_block.File.Cached(Page)) != 0)
        {
            _block.FaultMutex.Release(cpu);
            return;
        }

        HugeFolio folio = _block.Vma.Allocate(cpu, Page);
        if (folio.Address != 0)
        {
            _block.Vma.RestoreReserve(cpu, Page, folio);
            _block.Pool.Free(cpu, folio);
        }

        HugeFolio copy = HugeFolio.Create(cpu);
        _block.FaultMutex.Release(cpu);
        if (copy.Address == 0)
        {
            return;
        }

        InsertCopy(cpu);
        cpu.Free(HugeFolio.Cache, copy.Address);
    }

    private void InsertCopy<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.FaultMutex.Acquire(cpu);
        if (cpu.Read(_block.File.Cached(Page)) == 0)
        {
            HugeFolio folio = _block.Vma.Allocate(cpu, Page);
            if (folio.Address != 0)
            {
                _block.File.Insert(cpu, Page, folio);
            }
        }

        _block.FaultMutex.Release(cpu);
    }
}

/// <summary>What UFFDIO_COPY copies into while no mutex is held.</summary>
public interface IUffdCopyRule
{
    static abstract bool KeepsReservedPage { get; }
}

/// <summary>The page that has used the reservation up, as before 8cc5fcbb5be8.</summary>
public readonly struct ReservedPage : IUffdCopyRule
{
    public static bool KeepsReservedPage => true;
}

/// <summary>A temporary page without a reservation, as since 8cc5fcbb5be8.</summary>
public readonly struct TemporaryPage : IUffdCopyRule
{
    public static bool KeepsReservedPage => false;
}
