using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A page of two pageblocks is freed while each is isolated by somebody else, and one isolation ends.
/// </summary>
/// <remarks>Isolated blocks merge like others. Beside them lies a free page as large as both.</remarks>
public readonly partial struct UndoMerged<TRule>(nint root) : IScenario<UndoMerged<TRule>>
    where TRule : struct, IZoneRule
{
    private const int Order = 2;

    private readonly ZoneBlock<TRule, FourBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "freer"),
        RootBytes = ZoneBlock<TRule, FourBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, FourBlockBuddies> Audit => new(_block.Zone);

    public static UndoMerged<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 4, Order);
        _block.Use(cpu, 0);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _block.IsolateAndUndo(cpu, 0);
                break;
            case 1:
                _block.Zone.SetMigratetypeIsolate(cpu, Zone<TRule, FourBlockBuddies>.BlockPages);
                break;
            default:
                _block.Zone.FreeBuddy(cpu, 0, Order);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role < 2)
        {
            _block.IsolateAndUndo(cpu, role * Zone<TRule, FourBlockBuddies>.BlockPages);
            return;
        }

        if (cpu.Exchange(_block.Note, 1L) == 0)
        {
            _block.Zone.FreeBuddy(cpu, 0, Order);
        }

        _block.AllocAndFree(cpu, (int)cpu.Choose(Order + 1), MigrateType.Movable);
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
