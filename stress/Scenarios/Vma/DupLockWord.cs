using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A VMA is split while a reader is inside.</summary>
public readonly partial struct DupLockWord<TLayout, TRule>(nint root) : IScenario<DupLockWord<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("splitter", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static DupLockWord<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            case 1:
                _world.Space(cpu).Mprotect(cpu, 0, Pte.PageBytes, VmFlag.Read);
                break;
            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            case 1:
                _world.Space(cpu).Mprotect(cpu, 0, Pte.PageBytes, VmFlag.Read);
                _world.Space(cpu).Mprotect(cpu, 0, Pte.PageBytes, VmaWorld<TLayout, TRule>.ReadWrite);
                break;
            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
