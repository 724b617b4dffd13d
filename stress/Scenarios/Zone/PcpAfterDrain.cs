using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>A pageblock is isolated to go offline while a page of it is freed to a per-CPU list.</summary>
public readonly partial struct PcpAfterDrain<TRule>(nint root) : IScenario<PcpAfterDrain<TRule>>
    where TRule : struct, IZoneRule
{
    public const string LeftOnPcp = "no page of an isolated and drained pageblock is on a per-CPU list";

    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("offliner", "freer"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static PcpAfterDrain<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pcpHigh: 4, pcpBatch: 2);
        _block.Use(cpu, 0);
        _block.Use(cpu, 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            Isolate(cpu);
        }
        else
        {
            _block.Zone.FreePages(cpu, 0, 0);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            Isolate(cpu);
            _block.Zone.UnsetMigratetypeIsolate(cpu, 0, MigrateType.Movable);
            if (TRule.DisablesPcp)
            {
                _block.Zone.EnablePcp(cpu);
            }
        }
        else
        {
            if (cpu.Exchange(_block.Note, 1L) == 0)
            {
                _block.Zone.FreePages(cpu, 0, 0);
                _block.Zone.FreePages(cpu, 1, 0);
            }

            long pfn = _block.Zone.AllocPages(cpu, 0, MigrateType.Movable);
            if (pfn != Zone<TRule, TwoBlockBuddies>.NoPage)
            {
                _block.Zone.FreePages(cpu, pfn, 0);
            }
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(_block.Zone.PcpPages(cpu, MigrateType.Isolate) == 0, LeftOnPcp);
        Audit.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    // The first half of offlining. The lists stay disabled until it ends.
    private void Isolate<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.DisablesPcp)
        {
            _block.Zone.DisablePcp(cpu);
        }

        _block.Zone.SetMigratetypeIsolate(cpu, 0);
        _block.Zone.DrainAllPages(cpu);
    }
}
