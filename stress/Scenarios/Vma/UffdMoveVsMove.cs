using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>Two tasks move pages between two VMAs in opposite directions while a third locks one for writing.</summary>
public readonly partial struct UffdMoveVsMove<TLayout, TRule>(nint root) : IScenario<UffdMoveVsMove<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("forward", 0), new TaskSpec("backward", 1), new TaskSpec("protector", 2)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static UffdMoveVsMove<TLayout, TRule> At(nint root) => new(root);

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
                _world.Space(cpu).UffdMove(cpu, to: Pte.PageBytes, from: PageTable.Span + Pte.PageBytes);
                break;
            default:
                _world.WriteSection(cpu, 0);
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
                _world.Space(cpu).UffdMove(cpu, to: 0, from: PageTable.Span);
                break;
            default:
                _world.WriteSection(cpu, PageTable.Span * cpu.Choose(2));
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
