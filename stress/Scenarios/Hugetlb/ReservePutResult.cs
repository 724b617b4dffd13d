using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>A range is reserved while a page in its middle is reserved and released, and one allocation may fail.</summary>
public readonly partial struct ReservePutResult<TRule>(nint root) : IScenario<ReservePutResult<TRule>>
    where TRule : struct, IHugetlbRule
{
    private readonly HugetlbBlock<TRule> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("wide", "middle"),
        RootBytes = HugetlbBlock<TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static ReservePutResult<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => _block.Prepare(cpu, pages: 8, max: 8, min: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        long from = task;
        long to = task == 0 ? 3 : 2;
        if (_block.Inode.Reserve(cpu, from, to) == 0)
        {
            _block.Inode.Unreserve(cpu, from, to);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _block.ReserveOrTruncate(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);
}
