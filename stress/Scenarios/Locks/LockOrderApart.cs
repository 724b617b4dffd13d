using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Two tasks take a mutex and a rw_semaphore, the second when the first is through: they never meet.</summary>
/// <remarks>No interleaving deadlocks. What is wrong with opposite orders is only that nothing but luck, or a start-up
/// that happens to be serial, keeps the tasks apart.</remarks>
public readonly partial struct LockOrderApart<TRule>(nint root) : IScenario<LockOrderApart<TRule>>
    where TRule : struct, ILockOrderRule
{
    private const int Second = 1;

    private static readonly LockClass s_mutex = new("i_mutex");
    private static readonly LockClass s_semaphore = new("mmap_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("mapper", "writer"),
        RootBytes = 192,
    };

    private Mutex Mutex => new(root, s_mutex);

    private RwSemaphore Semaphore => new(root + 64, s_semaphore);

    private AtomicU32 IsMapped => new(root + 128);

    public static LockOrderApart<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Mutex, "mutex");
        cpu.Label(Semaphore, "sem");
        Mutex.Initialize(cpu);
        Semaphore.Initialize(cpu);
        cpu.Write(IsMapped, 0u);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Second)
        {
            // Acquire, pairs with the release in Map.
            if (cpu.LoadAcquire(IsMapped) != 0)
            {
                Write(cpu);
            }
        }
        else if (cpu.LoadAcquire(IsMapped) == 0)
        {
            Map(cpu);
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

    private void Map<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("map_file");
        if (TRule.IsOpposite)
        {
            Semaphore.DownRead(cpu);
            Mutex.Acquire(cpu);
            Mutex.Release(cpu);
            Semaphore.UpRead(cpu);
        }
        else
        {
            Mutex.Acquire(cpu);
            Semaphore.DownRead(cpu);
            Semaphore.UpRead(cpu);
            Mutex.Release(cpu);
        }

        // Release, pairs with the acquire in Work: the locks are free when it is seen.
        cpu.StoreRelease(IsMapped, 1u);
        cpu.Leave();
    }

    private void Write<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("write_file");
        Mutex.Acquire(cpu);
        Semaphore.DownWrite(cpu);
        Semaphore.UpWrite(cpu);
        Mutex.Release(cpu);
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/order-apart</c>.</summary>
internal static class LockOrderApartCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/order-apart",
        "Two tasks take a mutex and a rw_semaphore, one after the other: they cannot deadlock here.",
        1,
        [
            new Variant<LockOrderApart<SameOrder>>
            {
                Name = "same",
                Summary = "Both take the mutex first.",
                Source = "Documentation/locking/lockdep-design",
                Expected = Expectation.Clean,
            },
            new Variant<LockOrderApart<OppositeOrder>>
            {
                Name = "opposite",
                Summary = "One takes the mutex first, the other the semaphore.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.LockOrder, "i_mutex -> mmap_lock -> i_mutex"),
                CorrectTwin = "same",
            },
        ]);
}
