using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>One task faults in a range that another unmaps and maps again.</summary>
public readonly partial struct FaultVsMunmap<TLayout, TRule>(nint root) : IScenario<FaultVsMunmap<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    // More ranges than these, with the gaps between them, do not fit into the tree's one node.
    private const int Slots = 6;

    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("faulter", 0), new TaskSpec("unmapper", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static FaultVsMunmap<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Space(cpu).Fault(cpu, 0);
                break;
            case 1:
                _world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: true);
                _world.Space(cpu).Mmap(cpu, 0, PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
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
                _world.Space(cpu).Fault(cpu, cpu.Choose(Slots * PageTable.Entries) * Pte.PageBytes);
                break;
            case 1:
                ChangeSlot(cpu, (int)cpu.Choose(Slots));
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

    private void ChangeSlot<TCpu>(TCpu cpu, int slot) where TCpu : struct, ICpu
    {
        AddressSpace<TLayout, TRule> space = _world.Space(cpu);
        ulong start = VmaWorld<TLayout, TRule>.Start(slot);
        ulong end = start + PageTable.Span;
        if (cpu.Choose(2) == 0)
        {
            space.Munmap(cpu, start, end, mayDowngrade: cpu.Choose(2) == 0);
        }
        else
        {
            space.Mmap(cpu, start, end, VmaWorld<TLayout, TRule>.ReadWrite);
        }
    }
}
