using Stress.Machine;

namespace Stress.Scenarios.Zone;

/// <summary>What keeps the compiler from publishing a capture control before it is filled in.</summary>
public interface ICaptureRule
{
    static abstract bool PublishesOnce { get; }
}

/// <summary>Since b9e20f0da1f5: a barrier in front, and marked accesses.</summary>
public readonly struct PublishesOnce : ICaptureRule
{
    static bool ICaptureRule.PublishesOnce => true;
}

/// <summary>Before: two plain stores, which a compiler may swap.</summary>
public readonly struct PublishesPlainly : ICaptureRule
{
    static bool ICaptureRule.PublishesOnce => false;
}

/// <summary>A compaction asks for the page that it frees; an interrupt on its CPU frees a page and looks for who asks.
/// </summary>
/// <remarks>
/// The interrupt is a task of the same CPU that runs to its end: nothing of the compaction comes in between. Only the
/// order of two stores of one CPU is in question, so nothing but a compiler can break it.
/// Source: compact_zone_order and task_capc, v5.8 and v5.7.
/// </remarks>
public readonly partial struct CaptureControl<TRule>(nint root) : IScenario<CaptureControl<TRule>>
    where TRule : struct, ICaptureRule
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("compaction", 0), new TaskSpec("interrupt", 0)],
        RootBytes = 64,
    };

    private AtomicPtr TaskCapc => new(root);

    private PlainPtr CapcControl => new(root + 8);

    private AtomicU32 Busy => new(root + 16);

    public static CaptureControl<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            Compact(cpu);
        }
        else
        {
            FreeInInterrupt(cpu);
        }
    }

    // One compaction and the interrupts of its CPU: a request is seen by nobody else.
    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (cpu.Id != 0)
        {
            return;
        }

        if (role != 0)
        {
            FreeInInterrupt(cpu);
        }
        else if (cpu.Exchange(Busy, 1u) == 0)
        {
            Compact(cpu);
            cpu.StoreRelease(Busy, 0u);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(TaskCapc) == 0, "nobody asks when no compaction runs");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Compact<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("compact_zone_order");
        cpu.Write(CapcControl, root);
        if (TRule.PublishesOnce)
        {
            // Pairs with the read in FreeInInterrupt: an interrupt that finds the request finds it filled in.
            cpu.WriteFence();
            cpu.WriteOnce(TaskCapc, CapcControl.Address);
        }
        else
        {
            cpu.Write(TaskCapc, CapcControl.Address);
        }

        // Taken back before what it points to is given up, in the order of the kernel's way out.
        cpu.WriteOnce(TaskCapc, (nint)0);
        cpu.WriteFence();
        cpu.Write(CapcControl, (nint)0);
        cpu.Leave();
    }

    private void FreeInInterrupt<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.IrqDisable();
        cpu.Enter("task_capc");
        nint capc = cpu.ReadOnce(TaskCapc);
        if (capc != 0)
        {
            cpu.Require(cpu.Read(new PlainPtr(capc)) != 0, "a request that is found is filled in");
        }

        cpu.Leave();
        cpu.IrqEnable();
    }
}

/// <summary>The scenario <c>zone/capture-half-built</c>.</summary>
internal static class CaptureControlCatalog
{
    public static Scenario Scenario { get; } = new(
        "zone/capture-half-built",
        "A compaction publishes its request for a page while an interrupt on its CPU frees one.",
        1,
        [
            new Variant<CaptureControl<PublishesOnce>>
            {
                Name = "upstream",
                Summary = "The request is filled in before it is published, also for the compiler.",
                Source = "b9e20f0da1f5",
                Expected = Expectation.Clean,
            },
            new Variant<CaptureControl<PublishesPlainly>>
            {
                Name = "plain",
                Summary = "Two plain stores, which a compiler may swap.",
                Source = "before b9e20f0da1f5",
                Expected = Expectation.Violates(FindingKind.DataRace, "TaskCapc"),
                CorrectTwin = "upstream",
                CorpusEntry = "isolation-capture-half-built",
            },
        ]);
}
