using Stress.Machine;
using Stress.Mm.PageAlloc;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;
using Stress.Scenarios.Zone;

namespace Stress.Scenarios.Mixed;

/// <summary>A fault takes its page from a zone, and an unmapping gives one back, while pageblocks are isolated to go
/// offline.</summary>
/// <remarks>
/// The page of a fault that comes too late goes back at once. Deviation: which page frame backs an address is noted
/// beside the page table, once the fault is over, so that a frame may outlive its mapping until the next unmapping.
/// <code>
/// offset  bytes  field   written by
///      0    192  World   see VmaBlock
///   4096   5056  Block   see ZoneBlock
///   9216     64  Frames  whoever faults or unmaps: page frame of each address plus one, 0 for none
/// </code>
/// </remarks>
public readonly partial struct FaultVsIsolation<TRule>(nint root) : IScenario<FaultVsIsolation<TRule>>
    where TRule : struct, IZoneRule
{
    public const string PageLost = "every page is free, on a per-CPU list, or backs an address";

    private const int BlockOffset = 4096;
    private const int FramesOffset = 9216;
    private const int PagesInUse = 5;

    // The tail of a free buddy, and a pageblock with a mapped page.
    private const long IsolatedStart = 2;
    private const long IsolatedEnd = 6;

    private readonly VmaWorld<StockLayout, V612> _world = new(root);
    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root + BlockOffset);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("faulter", 0),
            new TaskSpec("unmapper", 1),
            new TaskSpec("offliner", 2),
            new TaskSpec("rcu", 3, IsWorker: true),
        ],
        RootBytes = FramesOffset + (PageTable.Entries * sizeof(ulong)),
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    private Zone<TRule, TwoBlockBuddies> Zone => _block.Zone;

    public static FaultVsIsolation<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, slots: 1);
        _block.Prepare(cpu, pcpHigh: 4, pcpBatch: 1);
        _block.Free(cpu, 0, TwoBlockBuddies.MaxOrder);
        _block.Use(cpu, 4);
        Map(cpu, 1, 4);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                FaultIn(cpu, 0);
                break;
            case 1:
                Unmap(cpu);
                break;
            case 2:
                Isolate(cpu);
                break;
            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                FaultIn(cpu, (int)cpu.Choose(PageTable.Entries));
                break;
            case 1:
                Unmap(cpu);
                _world.Space(cpu).Mmap(cpu, 0, PageTable.Span, VmaWorld<StockLayout, V612>.ReadWrite);
                break;
            case 2:
                IsolateAndUndo(cpu);
                break;
            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Check(cpu);
        cpu.Require(Zone.PcpPages(cpu, MigrateType.Isolate) == 0, PcpAfterDrain<TRule>.LeftOnPcp);
        long pages = new ZoneAudit<TRule, TwoBlockBuddies>(Zone).Check(cpu) + Zone.PcpPages(cpu, -1);
        for (int i = 0; i < PageTable.Entries; i++)
        {
            pages += cpu.Read(Frame(i)) != 0 ? 1 : 0;
        }

        cpu.Require(pages == PagesInUse, PageLost);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private AtomicU64 Frame(int page) => new(root + FramesOffset + (page * sizeof(ulong)));

    private void FaultIn<TCpu>(TCpu cpu, int page) where TCpu : struct, ICpu
    {
        long pfn = Zone.AllocPages(cpu, 0, MigrateType.Movable);
        if (pfn != Zone<TRule, TwoBlockBuddies>.NoPage)
        {
            Map(cpu, page, pfn);
        }
    }

    // Gives the page back if the address cannot be mapped, or is already.
    private void Map<TCpu>(TCpu cpu, int page, long pfn) where TCpu : struct, ICpu
    {
        uint fault = _world.Space(cpu).Fault(cpu, VmaWorld<StockLayout, V612>.Page(0, page));
        if (fault != 0 || cpu.CompareExchange(Frame(page), 0ul, (ulong)pfn + 1) != 0)
        {
            Zone.FreePages(cpu, pfn, 0);
        }
    }

    private void Unmap<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: true);
        for (int i = 0; i < PageTable.Entries; i++)
        {
            ulong held = cpu.Exchange(Frame(i), 0ul);
            if (held != 0)
            {
                Zone.FreePages(cpu, (long)held - 1, 0);
            }
        }
    }

    // The first half of offlining. The per-CPU lists stay disabled until it ends.
    private long Isolate<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.DisablesPcp)
        {
            Zone.DisablePcp(cpu);
        }

        long error = Zone.StartIsolatePageRange(cpu, IsolatedStart, IsolatedEnd, MigrateType.Movable);
        Zone.DrainAllPages(cpu);
        return error;
    }

    private void IsolateAndUndo<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (Isolate(cpu) == 0)
        {
            Zone.UndoIsolatePageRange(cpu, IsolatedStart, IsolatedEnd, MigrateType.Movable);
        }

        if (TRule.DisablesPcp)
        {
            Zone.EnablePcp(cpu);
        }
    }
}
