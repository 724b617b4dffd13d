using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A lookup races with the unmapping of what it finds.</summary>
/// <remarks>Explored, nothing is freed before the end: what a wrong lookup does to a freed VMA is another scenario's.
/// </remarks>
public readonly partial struct IgnoredDetach<TLayout, TRule>(nint root) : IScenario<IgnoredDetach<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("unmapper", 1)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static IgnoredDetach<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                ReadAttached(cpu);
                break;
            default:
                _world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: true);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                ReadAttached(cpu);
                break;
            default:
                if (_world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: false) > 0)
                {
                    _world.Space(cpu).Mmap(cpu, 0, PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
                }

                VmaReclaim<TLayout>.Flush(cpu, _world.Block.Rcu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void ReadAttached<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("read_attached");
        AddressSpace<TLayout, TRule> space = _world.Space(cpu);
        VmAreaStruct<TLayout> vma = space.LockVmaUnderRcu(cpu, 0);
        if (vma.Address != 0)
        {
            cpu.Require(cpu.Read(vma.Detached) == 0, "a VMA that a lookup locked is in the tree");
            space.VmaEndRead(cpu, vma);
        }

        cpu.Leave();
    }
}
