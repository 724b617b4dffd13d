using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How a task takes a lock that an interrupt takes too.</summary>
public interface IIrqLockRule
{
    /// <summary>Whether interrupts are off meanwhile.</summary>
    static abstract bool DisablesInterrupts { get; }
}

/// <summary>With interrupts off: <c>spin_lock_irqsave</c>.</summary>
public readonly struct InterruptsOff : IIrqLockRule
{
    public static bool DisablesInterrupts => true;
}

/// <summary>Mutant: with interrupts on.</summary>
public readonly struct InterruptsOn : IIrqLockRule
{
    public static bool DisablesInterrupts => false;
}

/// <summary>A task and an interrupt on its CPU take a spin lock.</summary>
public readonly partial struct LockOrderIrq<TRule>(nint root) : IScenario<LockOrderIrq<TRule>>
    where TRule : struct, IIrqLockRule
{
    private const int Handler = 1;

    private static readonly LockClass s_class = new("queue_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("task", 0), new TaskSpec("handler", 0, IsInterrupt: true)],
        RootBytes = 64,
    };

    private QueuedSpinLock Lock => new(root, s_class);

    private PlainU64 Length => new(root + 8);

    public static LockOrderIrq<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "queue");
        Lock.Initialize(cpu);
        cpu.Write(Length, 0ul);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter(role == Handler ? "handle_irq" : "enqueue");
        if (role == Handler || TRule.DisablesInterrupts)
        {
            Lock.AcquireIrq(cpu);
            cpu.Write(Length, cpu.Read(Length) + 1);
            Lock.ReleaseIrq(cpu);
        }
        else
        {
            Lock.Acquire(cpu);
            cpu.Write(Length, cpu.Read(Length) + 1);
            Lock.Release(cpu);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The scenario <c>locks/order-irq</c>.</summary>
internal static class LockOrderIrqCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/order-irq",
        "A task and an interrupt on its CPU take a spin lock.",
        1,
        [
            new Variant<LockOrderIrq<InterruptsOff>>
            {
                Name = "irqsave",
                Summary = "The task turns interrupts off first.",
                Source = "Documentation/locking/lockdep-design",
                Expected = Expectation.Clean,
            },
            new Variant<LockOrderIrq<InterruptsOn>>
            {
                Name = "plain",
                Summary = "The task leaves interrupts on: one that comes while it holds the lock spins for ever.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Deadlock, "task is interrupted by handler")
                    .Or(FindingKind.LockOrder, "queue_lock -irq-> queue_lock"),
                CorrectTwin = "irqsave",
            },
        ]);
}
