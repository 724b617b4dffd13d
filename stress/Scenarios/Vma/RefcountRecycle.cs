using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A lookup races with the unmapping of what it finds, and with its reuse by another address space.</summary>
public readonly partial struct RefcountRecycle<TRule>(nint root) : IScenario<RefcountRecycle<TRule>>
    where TRule : struct, IRefcountRule
{
    private readonly RefcountWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "recycler"),
        RootBytes = RefcountWorld<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static RefcountRecycle<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadFirst(cpu);
                break;
            default:
                _world.UnmapFirst(cpu);
                _world.MapSecond(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                _world.ReadFirst(cpu);
                break;
            default:
                _world.Recycle(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
