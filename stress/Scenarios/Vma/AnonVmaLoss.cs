using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A fault races with a mremap that takes the anon_vma away and leaves the VMA.</summary>
public readonly partial struct AnonVmaLoss<TLayout, TRule>(nint root) : IScenario<AnonVmaLoss<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("faulter", 0), new TaskSpec("remapper", 1)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static AnonVmaLoss<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, slots: 1);
        _world.Space(cpu).UserWrite(cpu, 0, 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Space(cpu).Fault(cpu, Pte.PageBytes);
                break;
            default:
                _world.Space(cpu).MremapDontUnmap(cpu, 0);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                _world.Space(cpu).Fault(cpu, cpu.Choose(PageTable.Entries) * Pte.PageBytes);
                break;
            default:
                _world.Space(cpu).MremapDontUnmap(cpu, 0);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
