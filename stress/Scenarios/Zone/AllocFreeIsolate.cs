using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>Pages are allocated and freed, through per-CPU lists and directly, while ranges are allocated whole.
/// </summary>
/// <remarks>Explored, the zone has sixteen pages. Hammered, the first operation makes one of 1 GiB, which also goes
/// offline and online in parts.
/// <code>
/// offset  bytes  field
///      0   5056  Block
///   5120      8  Large   the zone of 1 GiB, once it is made
///   5128      4  Made    1 once somebody makes it
/// </code>
/// </remarks>
public readonly partial struct AllocFreeIsolate<TRule>(nint root) : IScenario<AllocFreeIsolate<TRule>>
    where TRule : struct, IZoneRule
{
    private const int LargeOffset = 5120;

    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("allocator", "freer", "isolator"),
        RootBytes = LargeOffset + 16,
        LargeBytes = LargeMemory<TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    private AtomicPtr Large => new(root + LargeOffset);

    private AtomicU32 Made => new(root + LargeOffset + 8);

    public static AllocFreeIsolate<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pcpHigh: 2, pcpBatch: 1);
        _block.Free(cpu, 0, TwoBlockBuddies.MaxOrder);
        _block.Use(cpu, 4);
        _block.Free(cpu, 5, 0);
        _block.Free(cpu, 6, 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                long pfn = _block.Zone.AllocPages(cpu, 0, MigrateType.Movable);
                if (pfn != Zone<TRule, TwoBlockBuddies>.NoPage)
                {
                    _block.Zone.FreePages(cpu, pfn, 0);
                }

                break;
            case 1:
                _block.Zone.FreePages(cpu, 4, 0);
                break;
            default:
                if (_block.Zone.AllocContigRange(cpu, 0, 3) == 0)
                {
                    _block.Zone.FreeContigRange(cpu, 0, 3);
                }

                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        LargeMemory<TRule> memory = Memory(cpu);
        switch (role)
        {
            case 0:
                memory.AllocOrFree(cpu, X86ZoneSize.MaxOrder + 1);
                break;
            case 1:
                memory.AllocOrFree(cpu, PerCpuPages.Orders);
                break;
            default:
                if (cpu.Choose(4) == 0)
                {
                    memory.OfflineAndOnline(cpu);
                }
                else
                {
                    memory.AllocRange(cpu);
                }

                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        new ZoneAudit<TRule, TwoBlockBuddies>(_block.Zone).Check(cpu);
        nint large = cpu.LoadAcquire(Large);
        if (large != 0)
        {
            new LargeMemory<TRule>(large).Check(cpu);
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint large = cpu.LoadAcquire(Large);
        if (large != 0)
        {
            cpu.Free(LargeMemory<TRule>.Cache, large);
        }
    }

    private LargeMemory<TRule> Memory<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Acquire, pairs with the release below: the zone is seen as it was made.
        nint large = cpu.LoadAcquire(Large);
        if (large != 0)
        {
            return new LargeMemory<TRule>(large);
        }

        if (cpu.Exchange(Made, 1u) == 0)
        {
            large = cpu.Alloc(LargeMemory<TRule>.Cache);
            new LargeMemory<TRule>(large).Prepare(cpu);
            cpu.StoreRelease(Large, large);
        }
        else
        {
            // Ended by the store above.
            cpu.WaitWhile(Large, (nint)0);
        }

        return new LargeMemory<TRule>(cpu.LoadAcquire(Large));
    }
}
