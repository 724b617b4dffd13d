using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>In which order two tasks take two locks.</summary>
public interface ILockOrderRule
{
    /// <summary>Whether the second task takes them the other way round.</summary>
    static abstract bool IsOpposite { get; }
}

/// <summary>Both in the same order.</summary>
public readonly struct SameOrder : ILockOrderRule
{
    public static bool IsOpposite => false;
}

/// <summary>Mutant: each in its own.</summary>
public readonly struct OppositeOrder : ILockOrderRule
{
    public static bool IsOpposite => true;
}

/// <summary>Two tasks take a mutex and a rw_semaphore.</summary>
public readonly partial struct LockOrder<TRule>(nint root) : IScenario<LockOrder<TRule>>
    where TRule : struct, ILockOrderRule
{
    private const int Second = 1;

    private static readonly LockClass s_mutex = new("i_mutex");
    private static readonly LockClass s_semaphore = new("mmap_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = 128,
    };

    private Mutex Mutex => new(root, s_mutex);

    private RwSemaphore Semaphore => new(root + 64, s_semaphore);

    public static LockOrder<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Mutex, "mutex");
        cpu.Label(Semaphore, "sem");
        Mutex.Initialize(cpu);
        Semaphore.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("take_both");
        if (TRule.IsOpposite && role == Second)
        {
            Semaphore.DownRead(cpu);
            Mutex.Acquire(cpu);
        }
        else
        {
            Mutex.Acquire(cpu);
            Semaphore.DownWrite(cpu);
        }

        Mutex.Release(cpu);
        if (TRule.IsOpposite && role == Second)
        {
            Semaphore.UpRead(cpu);
        }
        else
        {
            Semaphore.UpWrite(cpu);
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

/// <summary>The scenario <c>locks/order</c>.</summary>
internal static class LockOrderCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/order",
        "Two tasks take a mutex and a rw_semaphore.",
        1,
        [
            new Variant<LockOrder<SameOrder>>
            {
                Name = "same",
                Summary = "Both take the mutex first.",
                Source = "Documentation/locking/lockdep-design",
                Expected = Expectation.Clean,
            },
            new Variant<LockOrder<OppositeOrder>>
            {
                Name = "opposite",
                Summary = "One takes the mutex first, the other the semaphore.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Deadlock, "held by")
                    .Or(FindingKind.LockOrder, "i_mutex -> mmap_lock -> i_mutex"),
                CorrectTwin = "same",
            },
        ]);
}
