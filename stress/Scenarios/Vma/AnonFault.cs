using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>Threads touch pages of one mapping for the first time, each in a slice of its own.</summary>
public readonly partial struct AnonFault<TLayout, TRule>(nint root) : IScenario<AnonFault<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IFaultRule
{
    // Enough for every shared step to come up in a program of a few faults: the second one finds the lists filled.
    private const int ExploredFaults = 2;

    private readonly AnonFaults<TLayout, TRule> _faults = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = FaultBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
        UnmeasuredOperations = [AnonFaults<TLayout, TRule>.UnmapOperation],
    };

    private FaultBlock Faults => _faults.Block;

    public static AnonFault<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _faults.Prepare(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < ExploredFaults; i++)
        {
            _faults.Touch(cpu);
        }

        _faults.UnmapSlice(cpu, task);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _faults.Touch(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _faults.Audit(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _faults.Teardown(cpu);
}
