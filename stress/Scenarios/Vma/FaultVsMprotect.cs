using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>One task writes a page that another makes read-only.</summary>
public readonly partial struct FaultVsMprotect<TLayout, TRule>(nint root) : IScenario<FaultVsMprotect<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("faulter", 0), new TaskSpec("protector", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = true,
    };

    public static FaultVsMprotect<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Space(cpu).UserWrite(cpu, 0, 1);
                break;
            case 1:
                // All of the VMA: a split would lock it, whatever mprotect does.
                _world.Space(cpu).Mprotect(cpu, 0, PageTable.Span, VmFlag.Read);
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
                _world.Space(cpu).UserWrite(cpu, cpu.Choose(PageTable.Entries) * Pte.PageBytes, 1);
                break;
            case 1:
                ulong page = cpu.Choose(PageTable.Entries) * Pte.PageBytes;
                _world.Space(cpu).Mprotect(
                    cpu, page, page + Pte.PageBytes, cpu.Choose(2) == 0 ? VmFlag.Read : VmaWorld<TLayout, TRule>.ReadWrite);
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
