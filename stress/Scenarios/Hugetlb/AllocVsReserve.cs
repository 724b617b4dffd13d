using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A fault brings in a page while a range that it lies in is reserved.</summary>
public readonly partial struct AllocVsReserve<TRule>(nint root) : IScenario<AllocVsReserve<TRule>>
    where TRule : struct, IHugetlbRule
{
    private readonly HugetlbBlock<TRule> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("fault", "mmap"),
        RootBytes = HugetlbBlock<TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static AllocVsReserve<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pages: 3, max: 8, min: 0);
        _block.Vma.Initialize(cpu, _block.Inode, isShared: true, HugetlbBlock<TRule>.CacheSlots);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            // Nobody else faults on the page, so its mutex is not taken.
            _block.Fault(cpu, 1);
        }
        else
        {
            _block.Inode.Reserve(cpu, 0, 2);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role != 0)
        {
            _block.ReserveOrTruncate(cpu);
            return;
        }

        long page = cpu.Choose(HugetlbBlock<TRule>.CacheSlots);
        _block.FaultMutex.Acquire(cpu);
        if (cpu.Read(_block.Cached(page)) == 0)
        {
            _block.Fault(cpu, page);
        }

        _block.FaultMutex.Release(cpu);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);
}
