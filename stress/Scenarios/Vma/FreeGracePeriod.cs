using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A lookup races with the unmapping and freeing of what it finds.</summary>
public readonly partial struct FreeGracePeriod<TLayout, TRule>(nint root) : IScenario<FreeGracePeriod<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("unmapper", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        PlainAccessesArePoints = false,
    };

    public static FreeGracePeriod<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            case 1:
                _world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: false);
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
                if (_world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: false) > 0)
                {
                    _world.Space(cpu).Mmap(cpu, 0, PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
                }
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
