using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A page of two pageblocks is freed while its second block is isolated.</summary>
public readonly partial struct MultiBlockFree<TRule>(nint root) : IScenario<MultiBlockFree<TRule>>
    where TRule : struct, IZoneRule
{
    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator", "freer"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static MultiBlockFree<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Use(cpu, 0);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.SetMigratetypeIsolate(cpu, Zone<TRule, TwoBlockBuddies>.BlockPages);
        }
        else
        {
            _block.Zone.FreeBuddy(cpu, 0, TwoBlockBuddies.MaxOrder);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.IsolateAndUndo(cpu, cpu.Choose(2) * Zone<TRule, TwoBlockBuddies>.BlockPages);
        }
        else
        {
            if (cpu.Exchange(_block.Note, 1L) == 0)
            {
                _block.Zone.FreeBuddy(cpu, 0, TwoBlockBuddies.MaxOrder);
            }

            _block.AllocAndFree(cpu, TwoBlockBuddies.MaxOrder, MigrateType.Movable);
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
