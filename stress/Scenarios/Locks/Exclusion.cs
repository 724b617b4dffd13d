using System.Collections.Generic;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>A lock that lets one task in at a time.</summary>
public partial interface IExclusiveLock
{
    static abstract void Initialize<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu;

    static abstract void Acquire<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu;

    static abstract void Release<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu;
}

/// <summary>Tasks take one lock in turn and count under it. Nobody may meet another, and no count may be lost.</summary>
public readonly partial struct Exclusion<TLock>(nint root) : IScenario<Exclusion<TLock>>
    where TLock : struct, IExclusiveLock
{
    private const int Rounds = 2;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "third"),
        RootBytes = 128,
        KnownRaces = LockRaces.Sleeping,
        ExploresRealLocks = true,
    };

    private nint Lock => root;

    private AtomicU32 Inside => new(root + 64);

    private PlainU64 Counted => new(root + 72);

    private AtomicU64 Done => new(root + 80);

    public static Exclusion<TLock> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => TLock.Initialize(cpu, Lock);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < Rounds; i++)
        {
            Work(cpu, task);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("count");
        TLock.Acquire(cpu, Lock);
        cpu.Require(cpu.FetchAddRelaxed(Inside, 1u) == 0, "one task holds the lock");
        cpu.Write(Counted, cpu.Read(Counted) + 1);
        cpu.FetchAddRelaxed(Inside, uint.MaxValue);
        TLock.Release(cpu, Lock);
        cpu.FetchAddRelaxed(Done, 1ul);
        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.Read(Counted) == cpu.ReadOnce(Done), "every count under the lock is there");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The queued spin lock.</summary>
public readonly partial struct SpinLockSubject : IExclusiveLock
{
    private static readonly LockClass s_class = new("spin_lock");

    public static void Initialize<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Initialize(cpu);

    public static void Acquire<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Acquire(cpu);

    public static void Release<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Release(cpu);

    private static QueuedSpinLock Of(nint at) => new(at, s_class);
}

/// <summary>The queued spin lock, with interrupts off.</summary>
public readonly partial struct SpinLockIrqSubject : IExclusiveLock
{
    private static readonly LockClass s_class = new("spin_lock_irq");

    public static void Initialize<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Initialize(cpu);

    public static void Acquire<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).AcquireIrq(cpu);

    public static void Release<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).ReleaseIrq(cpu);

    private static QueuedSpinLock Of(nint at) => new(at, s_class);
}

/// <summary>The mutex.</summary>
public readonly partial struct MutexSubject : IExclusiveLock
{
    private static readonly LockClass s_class = new("mutex");

    public static void Initialize<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Initialize(cpu);

    public static void Acquire<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Acquire(cpu);

    public static void Release<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Release(cpu);

    private static Mutex Of(nint at) => new(at, s_class);
}

/// <summary>The rw_semaphore, by its writers.</summary>
public readonly partial struct RwSemaphoreWriterSubject : IExclusiveLock
{
    private static readonly LockClass s_class = new("rwsem");

    public static void Initialize<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).Initialize(cpu);

    public static void Acquire<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).DownWrite(cpu);

    public static void Release<TCpu>(TCpu cpu, nint at) where TCpu : struct, ICpu => Of(at).UpWrite(cpu);

    private static RwSemaphore Of(nint at) => new(at, s_class);
}

/// <summary>The scenario <c>locks/exclusion</c>.</summary>
internal static class ExclusionCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/exclusion", "Three tasks count under one lock, taken by its real algorithm.", 2, Variants());

    private static IReadOnlyList<Variant> Variants() =>
    [
        Of<SpinLockSubject>("spinlock", "spin_lock and spin_unlock."),
        Of<SpinLockIrqSubject>("spinlock-irq", "spin_lock_irqsave and spin_unlock_irqrestore."),
        Of<MutexSubject>("mutex", "mutex_lock and mutex_unlock."),
        Of<RwSemaphoreWriterSubject>("rwsem", "down_write and up_write."),
    ];

    private static Variant<Exclusion<TLock>> Of<TLock>(string name, string summary)
        where TLock : struct, IExclusiveLock
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "v6.12",
            Expected = Expectation.Clean,
        };
}
