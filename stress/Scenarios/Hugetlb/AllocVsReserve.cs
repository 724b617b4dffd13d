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
        // One page is there; the others are made when they are wanted.
        => _block.Prepare(cpu, pages: 1, max: 8, min: 0, overcommit: 2);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Fault(cpu, 1);
        }
        else
        {
            _block.File.Mmap(cpu, 0, 2);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _block.Any(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);
}
