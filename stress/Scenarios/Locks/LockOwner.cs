using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>A task that comes and goes, as a spinner on its lock sees it.</summary>
public readonly struct MortalTask(nint at) : IHandle
{
    public static int Bytes => 16;

    public nint Address => at;

    public AtomicU32 OnCpu => new(at);

    public AtomicU32 Generation => new(at + 4);
}

/// <summary>How a spinner looks at the owner, and where owners' memory comes from.</summary>
public interface ILockOwnerRule
{
    /// <summary>Whether the spinner looks inside a read section.</summary>
    static abstract bool HasSection { get; }

    /// <summary>Where tasks live: memory that is freed, or memory that is recycled at once.</summary>
    static abstract SlabCache Tasks { get; }
}

/// <summary>As in the kernel: the owner's memory is freed after a grace period, and read inside a section.</summary>
public readonly struct OwnerInSection : ILockOwnerRule
{
    public static bool HasSection => true;

    public static SlabCache Tasks { get; } = SlabCache.For<MortalTask>("task_struct", SlabOptions.NoFail);
}

/// <summary>Mutant: no section.</summary>
public readonly struct OwnerWithoutSection : ILockOwnerRule
{
    public static bool HasSection => false;

    public static SlabCache Tasks => OwnerInSection.Tasks;
}

/// <summary>As in the kernel, with memory that another task gets at once.</summary>
public readonly struct RecycledOwnerInSection : ILockOwnerRule
{
    public static bool HasSection => true;

    public static SlabCache Tasks { get; }
        = SlabCache.For<MortalTask>("task_struct (recycled)", SlabOptions.NoFail | SlabOptions.TypesafeByRcu);
}

/// <summary>Mutant: no section, so an equal address may be another task.</summary>
public readonly struct RecycledOwnerWithoutSection : ILockOwnerRule
{
    public static bool HasSection => false;

    public static SlabCache Tasks => RecycledOwnerInSection.Tasks;
}

/// <summary>A spinner looks at a lock's owner while the owner unlocks and exits, and the next one comes.</summary>
/// <remarks>The lock in isolation: its owner word and the spinner's loop, once round.</remarks>
public readonly partial struct LockOwner<TRule>(nint root) : IScenario<LockOwner<TRule>>
    where TRule : struct, ILockOwnerRule
{
    private const int Spinner = 0;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("spinner", "owners"),
        RootBytes = 128,
    };

    private AtomicPtr Owner => new(root);

    private AtomicU32 Born => new(root + 8);

    private Rcu Rcu => new(root + 64);

    public static LockOwner<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Rcu, "rcu");
        Rcu.Initialize(cpu);
        cpu.Write(Born, 0u);
        Lock(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Spinner)
        {
            Spin(cpu);
        }
        else
        {
            UnlockAndExit(cpu);
            Lock(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Free(TRule.Tasks, cpu.Read(Owner));

    private void Spin<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("rwsem_spin_on_owner");
        if (TRule.HasSection)
        {
            cpu.RcuReadLock();
        }

        nint owner = cpu.ReadOnce(Owner);
        if (owner != 0)
        {
            Look(cpu, new MortalTask(owner));
        }

        if (TRule.HasSection)
        {
            cpu.RcuReadUnlock();
        }

        cpu.Leave();
    }

    private void Look<TCpu>(TCpu cpu, MortalTask owner) where TCpu : struct, ICpu
    {
        uint generation = cpu.ReadOnce(owner.Generation);
        bool isRunning = cpu.ReadOnce(owner.OnCpu) != 0;
        nint now = cpu.ReadOnce(Owner);
        if (isRunning && now == owner.Address)
        {
            cpu.Require(cpu.ReadOnce(owner.Generation) == generation, "an equal owner is the same owner");
        }
    }

    private void UnlockAndExit<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("do_exit");
        nint task = cpu.Exchange(Owner, 0);

        // Of several owners, which only real threads have, another one may be in between.
        if (task != 0)
        {
            Rcu.Synchronize(cpu);
            cpu.Free(TRule.Tasks, task);
        }

        cpu.Leave();
    }

    private void Lock<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_write");
        nint task = cpu.Alloc(TRule.Tasks);
        cpu.WriteOnce(new MortalTask(task).Generation, cpu.FetchAddRelaxed(Born, 1u));
        cpu.WriteOnce(new MortalTask(task).OnCpu, 1u);

        // Release, pairs with the spinner's read of Owner: the task is complete. Who comes second has no lock to own.
        if (cpu.CompareExchangeRelease(Owner, (nint)0, task) != 0)
        {
            cpu.Free(TRule.Tasks, task);
        }

        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/lock-owner</c>.</summary>
internal static class LockOwnerCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/lock-owner",
        "A spinner reads the task that owns a lock, while that task unlocks and exits.",
        1,
        [
            new Variant<LockOwner<OwnerInSection>>
            {
                Name = "upstream",
                Summary = "The spinner looks inside a read section.",
                Source = "v6.12, rwsem_spin_on_owner",
                Expected = Expectation.Clean,
            },
            new Variant<LockOwner<OwnerWithoutSection>>
            {
                Name = "no-section",
                Summary = "The spinner looks at the owner without a read section.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "task_struct")
                    .Or(FindingKind.DataRace, "races with free"),
                CorrectTwin = "upstream",
                CorpusEntry = "rwsem-owner-freed",
            },
            new Variant<LockOwner<RecycledOwnerInSection>>
            {
                Name = "upstream-recycled",
                Summary = "As upstream, with task memory that is recycled at once.",
                Source = "v6.12, rwsem_spin_on_owner",
                Expected = Expectation.Clean,
            },
            new Variant<LockOwner<RecycledOwnerWithoutSection>>
            {
                Name = "no-section-recycled",
                Summary = "Owners are compared by address, without a read section that keeps the address.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "an equal owner is the same owner"),
                CorrectTwin = "upstream-recycled",
                CorpusEntry = "rwsem-owner-aba",
            },
        ]);
}
