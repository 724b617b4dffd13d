using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>Two tasks touch pages of one anonymous mapping, each in its own slice.</summary>
public readonly partial struct AnonFault<TLayout, TRule>(nint root) : IScenario<AnonFault<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IFaultRule
{
    /// <summary>Pages that each task touches when explored.</summary>
    public const int ExploredTouches = 2;

    private readonly AnonFaults<TLayout, TRule> _faults = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("toucher", "neighbour"),
        RootBytes = FaultBlock.Bytes,
        Operations = "faults",
        KnownRaces = VmaRaces.Known,

        // The mutants leave a lock out, so what it guards may be interleaved; all else is guarded or of one task.
        PlainAccessesArePoints = !TRule.RefillsUnderLock || !TRule.AddsUnderLock,
        UnmeasuredOperations =
            [AnonFaults<TLayout, TRule>.UnmapOperation, AnonFaults<TLayout, TRule>.GrowOperation],
    };

    public static AnonFault<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _faults.Prepare(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        AnonFaults<TLayout, TRule>.TakeFewPages(cpu);
        for (int i = 0; i < ExploredTouches; i++)
        {
            _faults.Touch(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _faults.Touch(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _faults.Audit(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _faults.Teardown(cpu);
}
