using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>One task writes two pages, one after the other, while another forks.</summary>
public readonly partial struct ForkVsWrites<TLayout, TRule>(nint root) : IScenario<ForkVsWrites<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    // Under different page tables: fork copies a whole table under its lock.
    private const ulong First = 0;
    private const ulong Second = PageTable.Span;

    private readonly VmaWorld<TLayout, TRule> _world = new(root);
    private readonly nint _root = root;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("writer", 0), new TaskSpec("forker", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static ForkVsWrites<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, slots: 0);
        _world.Space(cpu).Mmap(cpu, 0, 2 * PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
        _world.Space(cpu).UserWrite(cpu, First, 1);
        _world.Space(cpu).UserWrite(cpu, Second, 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.Space(cpu).UserWrite(cpu, First, 2);
                _world.Space(cpu).UserWrite(cpu, Second, 2);
                break;
            case 1:
                cpu.Write(_world.Block.Child, _world.Space(cpu).Fork(cpu).Address);
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
                ulong value = cpu.Choose(100);
                _world.Space(cpu).UserWrite(cpu, First, value);
                _world.Space(cpu).UserWrite(cpu, Second, value);
                break;
            case 1:
                MmStruct child = _world.Space(cpu).Fork(cpu);
                if (child.Address != 0)
                {
                    new AddressSpace<TLayout, TRule>(child.Address, _root).Exit(cpu);
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

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Check(cpu);
        if (cpu.Read(_world.Block.Child) != 0)
        {
            AddressSpace<TLayout, TRule> child = _world.Child(cpu);
            child.Audit(cpu);
            cpu.Require(
                child.Peek(cpu, First) >= child.Peek(cpu, Second),
                "a child that has the second write has the first one too");
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.Read(_world.Block.Child) != 0)
        {
            _world.Child(cpu).Exit(cpu);
        }

        _world.Teardown(cpu);
    }
}
