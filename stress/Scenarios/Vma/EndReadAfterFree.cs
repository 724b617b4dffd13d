using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>One task unlocks a VMA that another waits to unmap, and a third frees.</summary>
/// <remarks>The tail of the unlock is what counts, so locks are taken by their real algorithm.</remarks>
public readonly partial struct EndReadAfterFree<TLayout, TRule>(nint root) : IScenario<EndReadAfterFree<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("unmapper", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        PlainAccessesArePoints = false,
        ExploresRealLocks = true,
    };

    public static EndReadAfterFree<TLayout, TRule> At(nint root) => new(root);

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
