using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>The first of the two pageblocks of a free buddy is isolated.</summary>
/// <remarks>Both things that go wrong with the head show in the same run; the oracle says which is asked about first.
/// </remarks>
public readonly partial struct IsolateHead<TRule, TOracle>(nint root) : IScenario<IsolateHead<TRule, TOracle>>
    where TRule : struct, IZoneRule
    where TOracle : struct, IHeadOracle
{
    public const string Drift = "NR_FREE_PAGES is not too high by two pageblocks";

    private readonly ZoneBlock<TRule, TwoBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator", "allocator"),
        RootBytes = ZoneBlock<TRule, TwoBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    private ZoneAudit<TRule, TwoBlockBuddies> Audit => new(_block.Zone);

    public static IsolateHead<TRule, TOracle> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 0, TwoBlockBuddies.MaxOrder);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            _block.Zone.SetMigratetypeIsolate(cpu, 0);
        }
        else
        {
            _block.AllocAndFree(cpu, 0, MigrateType.Movable);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            _block.IsolateAndUndo(cpu, 0);
        }
        else
        {
            _block.AllocAndFree(cpu, (int)cpu.Choose(2), MigrateType.Movable);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TOracle.AsksForListsFirst)
        {
            Audit.CheckTypedLengths(cpu);
        }

        (long free, _) = Audit.CountLists(cpu);
        long drift = _block.Zone.FreePagesSnapshot(cpu) - free;
        cpu.Require(drift != 2 * Zone<TRule, TwoBlockBuddies>.BlockPages, Drift);
        Audit.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>Which of the two consequences is asked about first.</summary>
public interface IHeadOracle
{
    static abstract bool AsksForListsFirst { get; }
}

/// <summary>The count of free pages.</summary>
public readonly struct CountsFirst : IHeadOracle
{
    public static bool AsksForListsFirst => false;
}

/// <summary>The list that the head was taken off.</summary>
public readonly struct ListsFirst : IHeadOracle
{
    public static bool AsksForListsFirst => true;
}
