using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A pageblock is isolated for a moment while somebody claims it for another type.</summary>
public readonly partial struct RestoreStaleType<TRule>(nint root) : IScenario<RestoreStaleType<TRule>>
    where TRule : struct, IZoneRule
{
    public const string TypeLost = "isolating a pageblock for a moment leaves its type alone";

    private const long NotClaimed = -1;

    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator", "claimer"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static RestoreStaleType<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 0, TwoBlockBuddies.PageblockOrder);
        cpu.Write(_block.Note, NotClaimed);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.IsolateForMigration(cpu, 0);
        }
        else
        {
            long pfn = _block.Zone.AllocBuddy(cpu, 0, MigrateType.Unmovable);
            if (pfn != Zone<TRule, TwoBlockBuddies>.NoPage)
            {
                _block.Zone.FreeBuddy(cpu, pfn, 0);
                cpu.Write(_block.Note, (long)MigrateType.Unmovable);
            }
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.Zone.IsolateForMigration(cpu, 0);
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
        long claimed = cpu.Read(_block.Note);
        cpu.Require(claimed == NotClaimed || _block.Zone.TypeOf(cpu, 0) == claimed, TypeLost);
        Audit.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
