using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A page is freed while an allocation of another type claims its pageblock.</summary>
public readonly partial struct FreeVsSteal<TRule>(nint root) : IScenario<FreeVsSteal<TRule>>
    where TRule : struct, IZoneRule
{
    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("freer", "claimer"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static FreeVsSteal<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 1, 0);
        _block.Use(cpu, 0);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.FreeBuddy(cpu, 0, 0);
        }
        else
        {
            _block.Zone.AllocBuddy(cpu, 0, MigrateType.Unmovable);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.AllocAndFree(cpu, (int)cpu.Choose(3), MigrateType.Movable);
        }
        else
        {
            _block.AllocAndFree(cpu, 0, (int)cpu.Choose(MigrateType.PcpTypes));
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
