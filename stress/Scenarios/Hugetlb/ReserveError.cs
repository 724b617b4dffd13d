using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two pages are reserved from a pool of one.</summary>
public readonly partial struct ReserveError<TRule>(nint root) : IScenario<ReserveError<TRule>>
    where TRule : struct, IHugetlbRule
{
    private readonly HugetlbBlock<TRule> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = HugetlbBlock<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static ReserveError<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => _block.Prepare(cpu, pages: 1, max: 0, min: 0);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        _block.File.Mmap(cpu, task, task + 1);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _block.Any(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);
}
