using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>One task moves a page between two VMAs that another unmaps.</summary>
public readonly partial struct UffdMoveVsMunmap<TLayout, TRule>(nint root) : IScenario<UffdMoveVsMunmap<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("mover", 0), new TaskSpec("unmapper", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static UffdMoveVsMunmap<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, slots: 2);
        _world.Space(cpu).UserWrite(cpu, 0, 1);
        _world.Space(cpu).UserWrite(cpu, PageTable.Span + Pte.PageBytes, 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Space(cpu).UffdMove(cpu, to: PageTable.Span, from: 0);
                break;
            case 1:
                _world.Space(cpu).Munmap(cpu, 0, 2 * PageTable.Span, mayDowngrade: true);
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
                _world.Space(cpu).UffdMove(cpu, to: PageTable.Span, from: 0);
                break;
            case 1:
                AddressSpace<TLayout, TRule> space = _world.Space(cpu);
                space.Munmap(cpu, 0, 2 * PageTable.Span, mayDowngrade: true);
                space.Mmap(cpu, 0, PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
                space.Mmap(cpu, PageTable.Span, 2 * PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
                space.UserWrite(cpu, 0, 1);
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
