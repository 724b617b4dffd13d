using Stress.Machine;
using Stress.Mm.PageAlloc;
using Stress.Scenarios.Zone;

namespace Stress.Mm.Tests.PageAlloc;

/// <summary>One of the eight pageblocks of a free buddy is isolated, alone.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>As merged that is right for every block; as posted for the second only.</remarks>
public readonly partial struct EveryTarget<TRule>(nint root) : IScenario<EveryTarget<TRule>>
    where TRule : struct, IZoneRule
{
    private const int RightWhenPosted = 1;

    private readonly ZoneBlock<TRule, EightBlockBuddies> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("isolator"),
        RootBytes = ZoneBlock<TRule, EightBlockBuddies>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static EveryTarget<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu);
        _block.Free(cpu, 0, EightBlockBuddies.MaxOrder);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        long target = cpu.Choose(8);
        cpu.Write(_block.Note, target);
        _block.Zone.SetMigratetypeIsolate(cpu, target * Zone<TRule, EightBlockBuddies>.BlockPages);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _block.IsolateAndUndo(cpu, 0);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        bool isRight = true;
        for (int order = 0; order <= EightBlockBuddies.MaxOrder; order++)
        {
            for (int type = 0; type < MigrateType.Count; type++)
            {
                isRight &= _block.Zone.AreTypesRight(cpu, order, type);
            }
        }

        long expected = ZoneBlock<TRule, EightBlockBuddies>.Pages - Zone<TRule, EightBlockBuddies>.BlockPages;
        isRight &= _block.Zone.FreePagesSnapshot(cpu) == expected;
        bool shouldBe = TRule.Isolation == IsolationStep.UnlistThenType || cpu.Read(_block.Note) == RightWhenPosted;
        cpu.Require(isRight == shouldBe, "the block is isolated rightly where it should be");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
