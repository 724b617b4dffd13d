using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How a task adds to a per-CPU counter.</summary>
public interface ICounterSumRule
{
    /// <summary>Whether the part of the CPU is changed by one operation.</summary>
    static abstract bool IsOneOperation { get; }
}

/// <summary>By <see cref="PerCpuCounter.Add"/>.</summary>
public readonly struct AddsAtomically : ICounterSumRule
{
    public static bool IsOneOperation => true;
}

/// <summary>Mutant: by a read and a write, with preemption on.</summary>
public readonly struct AddsInTwoSteps : ICounterSumRule
{
    public static bool IsOneOperation => false;
}

/// <summary>Two tasks of one CPU and one of another add to a counter, over its batch.</summary>
public readonly partial struct CounterSum<TRule>(nint root) : IScenario<CounterSum<TRule>>
    where TRule : struct, ICounterSumRule
{
    private const int Batch = 2;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("first", 0), new TaskSpec("second", 0), new TaskSpec("other cpu", 1)],
        RootBytes = 256,
    };

    private PerCpuCounter Counter => new(root);

    private AtomicS64 Added => new(root + 48);

    private nint Parts => root + PerCpuCounter.PartStride;

    public static CounterSum<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Counter, "counter");
        Counter.Initialize(cpu, Parts, Batch);
        cpu.Write(Added, 0L);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("percpu_counter_add", 1);
        if (TRule.IsOneOperation)
        {
            Counter.Add(cpu, 1);
        }
        else
        {
            var part = new AtomicS32(Parts + (cpu.Id * PerCpuCounter.PartStride));
            cpu.Write(part, cpu.Read(part) + 1);
        }

        cpu.FetchAddRelaxed(Added, 1L);
        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(Counter.Sum(cpu) == cpu.ReadOnce(Added), "the sum is what was added");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The scenario <c>locks/percpu-counter</c>.</summary>
internal static class CounterSumCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/percpu-counter",
        "Three tasks on two CPUs add to a percpu_counter.",
        1,
        [
            new Variant<CounterSum<AddsAtomically>>
            {
                Name = "upstream",
                Summary = "Compare and exchange on the CPU's part.",
                Source = "v6.12, lib/percpu_counter.c",
                Expected = Expectation.Clean,
            },
            new Variant<CounterSum<AddsInTwoSteps>>
            {
                Name = "two-steps",
                Summary = "The CPU's part is read and written with preemption on.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "the sum is what was added")
                    .Or(FindingKind.DataRace, "in percpu_counter_add"),
                CorrectTwin = "upstream",
            },
        ]);
}
