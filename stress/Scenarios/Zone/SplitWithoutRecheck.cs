using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A free buddy that reaches over a boundary is split while somebody allocates it.</summary>
public readonly partial struct SplitWithoutRecheck<TRule>(nint root) : IScenario<SplitWithoutRecheck<TRule>>
    where TRule : struct, IZoneRule
{
    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("splitter", "allocator"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static SplitWithoutRecheck<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 0, TwoBlockBuddies.MaxOrder);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.SplitStraddling(cpu, 0, Zone<TRule, TwoBlockBuddies>.BlockPages);
        }
        else
        {
            _block.Zone.AllocBuddy(cpu, TwoBlockBuddies.MaxOrder, MigrateType.Movable);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.Zone.SplitStraddling(cpu, 0, Zone<TRule, TwoBlockBuddies>.BlockPages);
        }
        else
        {
            _block.AllocAndFree(cpu, (int)cpu.Choose(3), MigrateType.Movable);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Audit.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
