using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>The last of the four pageblocks of a free buddy is isolated while somebody allocates all of it.</summary>
public readonly partial struct IsolateLastTail<TRule>(nint root) : IScenario<IsolateLastTail<TRule>>
    where TRule : struct, IZoneRule
{
    private readonly ZoneBlock<TRule, FourBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator", "allocator"),
        RootBytes = ZoneBlock<TRule, FourBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, FourBlockBuddies> Audit => new(_block.Zone);

    public static IsolateLastTail<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 0, FourBlockBuddies.MaxOrder);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.SetMigratetypeIsolate(cpu, 3 * Zone<TRule, FourBlockBuddies>.BlockPages);
        }
        else
        {
            _block.AllocAndFree(cpu, FourBlockBuddies.MaxOrder, MigrateType.Movable);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.IsolateAndUndo(cpu, cpu.Choose(4) * Zone<TRule, FourBlockBuddies>.BlockPages);
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
