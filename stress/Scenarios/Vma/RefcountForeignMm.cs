using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A lookup holds a VMA that was recycled into an address space which comes to its end.</summary>
public readonly partial struct RefcountForeignMm<TRule>(nint root) : IScenario<RefcountForeignMm<TRule>>
    where TRule : struct, IRefcountRule
{
    private readonly RefcountWorld<TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "unmapper", "stranger"),
        RootBytes = RefcountWorld<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static RefcountForeignMm<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadFirst(cpu);
                break;
            case 1:
                _world.UnmapFirst(cpu);
                break;
            default:
                _world.MapSecond(cpu);
                _world.ExitSecond(cpu);
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
            case 1:
                _world.RemapFirst(cpu);
                break;
            default:
                _world.RemapSecond(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
