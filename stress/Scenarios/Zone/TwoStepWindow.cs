using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>The second of the two pageblocks of a free buddy is isolated while somebody allocates a page.</summary>
public readonly partial struct TwoStepWindow<TRule>(nint root) : IScenario<TwoStepWindow<TRule>>
    where TRule : struct, IZoneRule
{
    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator", "allocator"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static TwoStepWindow<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 0, TwoBlockBuddies.MaxOrder);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            long block = Zone<TRule, TwoBlockBuddies>.BlockPages;
            _block.Zone.StartIsolatePageRange(cpu, block, 2 * block, MigrateType.Movable);
        }
        else
        {
            _block.AllocAndFree(cpu, 0, MigrateType.Movable);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.IsolateAndUndo(cpu, Zone<TRule, TwoBlockBuddies>.BlockPages);
        }
        else
        {
            _block.AllocAndFree(cpu, (int)cpu.Choose(2), MigrateType.Movable);
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
