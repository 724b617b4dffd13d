using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A writer waits for the last reader of a VMA, who must wake it.</summary>
public readonly partial struct RefcountWakeup<TRule>(nint root) : IScenario<RefcountWakeup<TRule>>
    where TRule : struct, IRefcountRule
{
    private readonly RefcountWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "writer"),
        RootBytes = RefcountWorld<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static RefcountWakeup<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadFirst(cpu);
                break;
            default:
                _world.WriteFirst(cpu);
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
                _world.WriteFirst(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
