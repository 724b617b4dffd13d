using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A range is reserved while a fault brings in a page in its middle, and one allocation may fail.</summary>
public readonly partial struct ReserveEnomem<TRule>(nint root) : IScenario<ReserveEnomem<TRule>>
    where TRule : struct, IHugetlbRule
{
    private readonly HugetlbBlock<TRule> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("mmap", "fault"),
        RootBytes = HugetlbBlock<TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static ReserveEnomem<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => _block.Prepare(cpu, pages: 8, max: 0, min: 0);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task != 0)
        {
            _block.Fault(cpu, 3);
        }
        else if (_block.File.Mmap(cpu, 2, 6) == 0)
        {
            cpu.Require(_block.File.Inode.Map.RegionCount(cpu, 2, 6) == 4, "a range that was reserved is in the map");
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _block.Any(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);
}
