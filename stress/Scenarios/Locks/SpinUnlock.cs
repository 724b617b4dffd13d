using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How a queued spin lock is released.</summary>
public interface ISpinUnlockRule
{
    /// <summary>Whether the whole word is cleared, not just its locked byte.</summary>
    static abstract bool WipesWord { get; }
}

/// <summary>As in the kernel.</summary>
public readonly struct ClearsLockedByte : ISpinUnlockRule
{
    public static bool WipesWord => false;
}

/// <summary>Mutant: takes the pending one's announcement away.</summary>
public readonly struct WipesWord : ISpinUnlockRule
{
    static bool ISpinUnlockRule.WipesWord => true;
}

/// <summary>One task holds, one becomes pending, and one tries at the moment of the release.</summary>
public readonly partial struct SpinUnlock<TRule>(nint root) : IScenario<SpinUnlock<TRule>>
    where TRule : struct, ISpinUnlockRule
{
    private static readonly LockClass s_class = new("spin_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("owner", "pending", "trier"),
        RootBytes = 64,
        ExploresRealLocks = true,
    };

    private QueuedSpinLock Lock => new(root, s_class);

    private AtomicU32 Inside => new(root + 8);

    public static SpinUnlock<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "lock");
        Lock.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("section");
        bool isHeld = true;
        if (role == 2)
        {
            isHeld = Lock.TryAcquire(cpu);
        }
        else
        {
            Lock.Acquire(cpu);
        }

        if (isHeld)
        {
            cpu.Require(cpu.FetchAddRelaxed(Inside, 1u) == 0, "one task holds the lock");
            cpu.FetchAddRelaxed(Inside, uint.MaxValue);
            Release(cpu);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Lock.Value) == 0, "a lock that nobody holds or wants is 0");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.WipesWord)
        {
            cpu.LockReleased(Lock.Address);
            cpu.StoreRelease(Lock.Value, 0u);
            cpu.PreemptEnable();
        }
        else
        {
            Lock.Release(cpu);
        }
    }
}

/// <summary>The scenario <c>locks/qspinlock-unlock</c>.</summary>
internal static class SpinUnlockCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/qspinlock-unlock",
        "A spin lock is released while one task is pending and another tries it.",
        1,
        [
            new Variant<SpinUnlock<ClearsLockedByte>>
            {
                Name = "upstream",
                Summary = "Unlock clears the locked byte only.",
                Source = "v6.12, queued_spin_unlock",
                Expected = Expectation.Clean,
            },
            new Variant<SpinUnlock<WipesWord>>
            {
                Name = "unlock-wipes-word",
                Summary = "Unlock stores 0 to the whole word.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "one task holds the lock")
                    .Or(FindingKind.Deadlock, "waits for spin_lock"),
                CorrectTwin = "upstream",
                CorpusEntry = "qspinlock-unlock-wipes-word",
            },
        ]);
}
