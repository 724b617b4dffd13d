using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two single pages are added side by side; one call must allocate its entry.</summary>
public readonly partial struct ChgPublish<TRule>(nint root) : IScenario<ChgPublish<TRule>>
    where TRule : struct, IHugetlbRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "other"),
        RootBytes = ResvMap<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ResvMap<TRule> Map => new(root);

    public static ChgPublish<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Prepare(cpu, Map);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                MapSteps<TRule>.Reserve(cpu, Map, 0, 1);
                break;
            default:
                MapSteps<TRule>.Reserve(cpu, Map, 5, 6);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        // Single pages only: then v7 is right.
        long from = cpu.Choose(16);
        MapSteps<TRule>.Any(cpu, Map, from, from + 1);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => MapSteps<TRule>.Check(cpu, Map);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Release(cpu);
}
