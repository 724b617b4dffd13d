using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How often a reader takes the lock.</summary>
public interface IRecursiveReadRule
{
    /// <summary>Whether it takes it again while it holds it.</summary>
    static abstract bool ReadsTwice { get; }
}

/// <summary>Once.</summary>
public readonly struct ReadsOnce : IRecursiveReadRule
{
    public static bool ReadsTwice => false;
}

/// <summary>Mutant: again, inside. A writer that waits in between keeps the second one out.</summary>
public readonly struct ReadsTwice : IRecursiveReadRule
{
    static bool IRecursiveReadRule.ReadsTwice => true;
}

/// <summary>A reader takes a rw_semaphore, perhaps twice, while a writer wants it.</summary>
public readonly partial struct RecursiveRead<TRule>(nint root) : IScenario<RecursiveRead<TRule>>
    where TRule : struct, IRecursiveReadRule
{
    private const int Reader = 0;

    private static readonly LockClass s_class = new("mmap_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "writer"),
        RootBytes = 64,
    };

    private RwSemaphore Lock => new(root, s_class);

    public static RecursiveRead<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Reader)
        {
            cpu.Enter("down_read");
            Lock.DownRead(cpu);
            if (TRule.ReadsTwice)
            {
                Lock.DownRead(cpu);
                Lock.UpRead(cpu);
            }

            Lock.UpRead(cpu);
            cpu.Leave();
        }
        else
        {
            cpu.Enter("down_write");
            Lock.DownWrite(cpu);
            Lock.UpWrite(cpu);
            cpu.Leave();
        }
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

/// <summary>The scenario <c>locks/recursive-read</c>.</summary>
internal static class RecursiveReadCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/recursive-read",
        "A reader takes a rw_semaphore while a writer wants it.",
        1,
        [
            new Variant<RecursiveRead<ReadsOnce>>
            {
                Name = "once",
                Summary = "The reader takes it once.",
                Source = "Documentation/locking/lockdep-design",
                Expected = Expectation.Clean,
            },
            new Variant<RecursiveRead<ReadsTwice>>
            {
                Name = "twice",
                Summary = "The reader takes it again while it holds it.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Deadlock, "mmap_lock")
                    .Or(FindingKind.LockOrder, "mmap_lock -> mmap_lock"),
                CorrectTwin = "once",
            },
        ]);
}
