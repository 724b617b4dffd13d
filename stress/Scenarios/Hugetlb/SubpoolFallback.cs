using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two files are mapped and emptied again, through a quota whose guarantee is all that the pool
/// holds.</summary>
public readonly partial struct SubpoolFallback<TRule>(nint root) : IScenario<SubpoolFallback<TRule>>
    where TRule : struct, IHugetlbRule
{
    private readonly HugetlbBlock<TRule> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = HugetlbBlock<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static SubpoolFallback<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => _block.Prepare(cpu, pages: 3, max: 8, min: 3);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        HugetlbFile<TRule> file = task == 0 ? _block.File : _block.OtherFile;
        if (file.Mmap(cpu, 0, 2) == 0)
        {
            file.Truncate(cpu, 0, _block.FaultMutex);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _block.Any(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _block.Teardown(cpu);
}
