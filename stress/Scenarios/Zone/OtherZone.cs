using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>The first pageblock of a zone is isolated while the pages of the zone before it are taken into use.
/// </summary>
/// <remarks>Both zones lie in one largest buddy's span, so the search for a straddling one leads out of the zone. The
/// owner of a page keeps a word of its own where the order of a free page stands.</remarks>
public readonly partial struct OtherZone<TRule>(nint root) : IScenario<OtherZone<TRule>>
    where TRule : struct, IZoneRule
{
    private const int WholeZone = 3;
    private const long First = 8;

    // As an order it would reach into the next zone.
    private const ulong OwnersWord = 4;

    private readonly ZoneBlock<TRule, EightBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator", "owner"),
        RootBytes = ZoneBlock<TRule, EightBlockBuddies>.Bytes,
        PlainAccessesArePoints = true,
    };

    private ZoneAudit<TRule, EightBlockBuddies> Audit => new(_block.Zone);

    public static OtherZone<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.PrepareTwo(cpu);
        _block.Free(cpu, 0, WholeZone);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Other.SetMigratetypeIsolate(cpu, First);
        }
        else
        {
            Own(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            (long error, int type) = _block.Other.SetMigratetypeIsolate(cpu, First);
            if (error == 0)
            {
                _block.Other.UnsetMigratetypeIsolate(cpu, First, type);
            }
        }
        else
        {
            long pfn = Own(cpu);
            if (pfn == Zone<TRule, EightBlockBuddies>.NoPage)
            {
                return;
            }

            cpu.WriteOnce(_block.Map.PageAt(pfn).Private, 0UL);
            _block.Zone.FreeBuddy(cpu, pfn, WholeZone);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Audit.Check(cpu);
        new ZoneAudit<TRule, EightBlockBuddies>(_block.Other).Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private long Own<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long pfn = _block.Zone.AllocBuddy(cpu, WholeZone, MigrateType.Movable);
        if (pfn != Zone<TRule, EightBlockBuddies>.NoPage)
        {
            cpu.WriteOnce(_block.Map.PageAt(pfn).Private, OwnersWord);
        }

        return pfn;
    }
}
