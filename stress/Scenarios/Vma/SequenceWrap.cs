using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>A reader stays in a VMA while a writer counts the sequence number all the way round.</summary>
public readonly partial struct SequenceWrap<TLayout, TRule>(nint root) : IScenario<SequenceWrap<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("writer", 1)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static SequenceWrap<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            default:
                // The VMA was marked in section 0, and section 1 is to come: after these it is section 0 again.
                for (uint i = 0; i < (TRule.SequenceMask & 7); i++)
                {
                    _world.Space(cpu).MmapWriteLock(cpu);
                    _world.Space(cpu).MmapWriteUnlock(cpu);
                }

                _world.WriteSection(cpu, 0);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            default:
                _world.Space(cpu).MmapWriteLock(cpu);
                _world.Space(cpu).MmapWriteUnlock(cpu);
                _world.WriteSection(cpu, 0);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
