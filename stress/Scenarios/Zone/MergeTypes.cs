using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A page of two pageblocks is freed beside a free one of another type, as large.</summary>
public readonly partial struct MergeTypes<TRule>(nint root) : IScenario<MergeTypes<TRule>>
    where TRule : struct, IZoneRule
{
    private const int Order = 2;
    private const long Other = 4;

    private readonly ZoneBlock<TRule, FourBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("freer", "allocator"),
        RootBytes = ZoneBlock<TRule, FourBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, FourBlockBuddies> Audit => new(_block.Zone);

    public static MergeTypes<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, Other, Order);
        long pfn = _block.Zone.AllocBuddy(cpu, Order, MigrateType.Unmovable);
        _block.Zone.FreeBuddy(cpu, pfn, Order);
        _block.Use(cpu, 0);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.FreeBuddy(cpu, 0, Order);
        }
        else
        {
            _block.Zone.AllocBuddy(cpu, 0, MigrateType.Unmovable);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        _block.AllocAndFree(cpu, (int)cpu.Choose(3), (int)cpu.Choose(MigrateType.PcpTypes));
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Audit.CheckSettled(cpu);
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Audit.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
