using System.Collections.Generic;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How the lock is found by three tasks.</summary>
public interface ISpinLockStart
{
    /// <summary>Whether the first task has it already.</summary>
    static abstract bool IsHeld { get; }
}

/// <summary>Free: one of the tasks takes it at once, one is pending, and one queues.</summary>
public readonly struct StartsFree : ISpinLockStart
{
    public static bool IsHeld => false;
}

/// <summary>Held by the first task, which comes again: one of the tasks is pending, and two queue.</summary>
public readonly struct StartsHeld : ISpinLockStart
{
    public static bool IsHeld => true;
}

/// <summary>Three tasks take a queued spin lock once: one at a time, in the order of the queue, and each sees all that
/// was done under the lock before.</summary>
/// <remarks>
/// For exhaustive exploration: nothing but the lock itself is touched outside of it. The log is the oracle: its atomic
/// additions are never stale, so the data, read relaxed, must be as old as the log says.
/// <code>
/// Log     meaning
/// 0-7     tasks that are inside
/// 8-15    explored: CPUs that have been served
/// 16-63   sections that have ended
/// </code>
/// </remarks>
public readonly partial struct QueuedSpinLockThree<TRule, TStart>(nint root)
    : IScenario<QueuedSpinLockThree<TRule, TStart>>
    where TRule : struct, IQueuedSpinLockRule
    where TStart : struct, ISpinLockStart
{
    public const string Exclusion = "one task holds the lock";
    public const string Order = "the queue is served in its order";
    public const string Visibility = "whoever holds the lock sees all that was done under it";

    private const ulong Inside = 1;
    private const ulong InsideMask = 0xff;
    private const int ServedShift = 8;
    private const int EndedShift = 16;
    private const ulong Ended = 1ul << EndedShift;

    private static readonly LockClass s_class = new("spin_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "third"),
        RootBytes = 128,
        ExploresRealLocks = true,
    };

    private QueuedSpinLockCore<TRule> Lock => new(root, s_class);

    private AtomicU32 IsOpen => new(root + 8);

    private AtomicU64 Log => new(root + 64);

    private AtomicU64 Data => new(root + 72);

    public static QueuedSpinLockThree<TRule, TStart> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "lock");
        cpu.Write(Lock.Value, TStart.IsHeld ? QueuedSpinLock.Locked : 0u);
        cpu.Write(IsOpen, TStart.IsHeld ? 1u : 0u);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            EndFirst(cpu);
        }

        Serve(cpu, Served(cpu.Id + 1));
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            EndFirst(cpu);
        }

        Serve(cpu, 0);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (cpu.ReadOnce(IsOpen) != 0)
        {
            return;
        }

        cpu.Require(cpu.ReadOnce(Lock.Value) == 0, "a lock that nobody holds or wants is 0");
        cpu.Require(cpu.ReadOnce(Data) == cpu.ReadOnce(Log) >> EndedShift, "every section is counted");
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            cpu.Require(cpu.Read(new PerCpuArea(cpu.PerCpu(i)).Mcs.Count) == 0, "no nesting level is in use");
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    // Ends the section that was open at the start.
    private void EndFirst<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (!TStart.IsHeld || cpu.Exchange(IsOpen, 0u) == 0)
        {
            return;
        }

        cpu.Enter("first_section");
        cpu.PreemptDisable();
        cpu.LockAcquired(Lock.Address, s_class, 0, LockMode.Exclusive);
        Use(cpu, Inside, 0);
        GiveUp(cpu);
        cpu.Leave();
    }

    private void Serve<TCpu>(TCpu cpu, ulong served) where TCpu : struct, ICpu
    {
        cpu.Enter("section");
        cpu.PreemptDisable();
        uint before = Lock.Take(cpu, subclass: 0);
        cpu.LockAcquired(Lock.Address, s_class, 0, LockMode.Exclusive);
        Use(cpu, Inside + served, before == 0 || served == 0 ? 0 : Served((int)before));
        GiveUp(cpu);
        cpu.Leave();
    }

    private void Use<TCpu>(TCpu cpu, ulong entry, ulong mustBeServed) where TCpu : struct, ICpu
    {
        ulong log = cpu.FetchAddRelaxed(Log, entry);
        cpu.Require((log & InsideMask) == 0, Exclusion);
        cpu.Require((log & mustBeServed) == mustBeServed, Order);
        ulong seen = cpu.ReadOnce(Data);
        cpu.Require(seen == log >> EndedShift, Visibility);
        cpu.WriteOnce(Data, seen + 1);
        cpu.FetchAddRelaxed(Log, Ended - Inside);
    }

    private void GiveUp<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(Lock.Address);
        Lock.Give(cpu);
        cpu.PreemptEnable();
    }

    // A CPU's bit, by its number plus 1.
    private static ulong Served(int cpu) => 1ul << (ServedShift + cpu - 1);
}

/// <summary>The scenario <c>locks/qspinlock-three</c>.</summary>
internal static class QueuedSpinLockThreeCatalog
{
    private const string Free = "free";
    private const string Held = "held";

    private static readonly Expectation s_visibility = Expectation.Violates(
        FindingKind.Invariant, QueuedSpinLockThree<UpstreamQueuedSpinLock, StartsFree>.Visibility);

    private static readonly Expectation s_lost = Expectation.Violates(FindingKind.Deadlock, "waits for")
        .Or(FindingKind.DataRace, "WRITE_ONCE by");

    // What two holders do to each other: they meet, or undo what the other one wrote, in the data or in the word.
    private static readonly Expectation s_shared = Expectation
        .Violates(FindingKind.Invariant, QueuedSpinLockThree<UpstreamQueuedSpinLock, StartsFree>.Exclusion)
        .Or(FindingKind.Invariant, s_visibility.Text)
        .Or(FindingKind.Deadlock, s_lost.Text);

    private static readonly Expectation s_overtaken = Expectation
        .Violates(FindingKind.Invariant, QueuedSpinLockThree<UpstreamQueuedSpinLock, StartsFree>.Order)
        .Or(FindingKind.Invariant, s_shared.Text)
        .Or(FindingKind.Deadlock, s_lost.Text);

    public static Scenario Scenario { get; } = new(
        "locks/qspinlock-three", "Three tasks take a spin lock once, by its real algorithm.", 1, Variants());

    private static IReadOnlyList<Variant> Variants() =>
    [
        Right<StartsFree>(Free, "Found free: one queues."),
        Right<StartsHeld>(Held, "Held by the first task, which comes again: two queue."),
        Wrong<GivesWholeWord, StartsFree>(
            "unlock-wipes-word", "Unlock stores 0 to the whole word.", s_shared),
        Wrong<TakesOverInTwoSteps, StartsFree>(
            "pending-in-two-steps", "The pending one clears its bit, and then takes the lock.", s_shared),
        Wrong<IgnoresPending, StartsFree>(
            "head-ignores-pending", "The head of the queue waits for the holder only.", s_shared),
        Wrong<TakesBackHolder, StartsHeld>(
            "pending-taken-back-whole", "Whoever finds a queue takes pending back by a store to both bytes.",
            s_shared),
        Wrong<ClearsNodeLate, StartsHeld>(
            "node-cleared-late", "The node is cleared once its tail is published, and loses who has linked itself.",
            s_lost),
        Wrong<SkipsHandOver, StartsHeld>(
            "no-wait-for-hand-over", "Whoever queues behind another polls the word at once.", s_overtaken),
        Wrong<ForgetsTail, StartsHeld>(
            "head-takes-tail", "The head of the queue stores 1 to the whole word.", s_shared),
        Weak<RelaxedWhenFree, StartsFree>("free-relaxed", "A free lock is taken by a relaxed exchange.", s_visibility),
        Weak<RelaxedGive, StartsFree>("unlock-relaxed", "The locked byte is cleared by a relaxed store.", s_visibility),
        Weak<RelaxedPending, StartsFree>("pending-relaxed", "The pending one polls by relaxed loads.", s_visibility),
        Weak<RelaxedHead, StartsFree>("head-relaxed", "The head of the queue polls by relaxed loads.", s_visibility),
        Weak<RelaxedHandOver, StartsHeld>(
            "hand-over-relaxed", "The next head does not see that the last one has taken the lock.",
            s_shared),
        Wrong<UnfencedNode, StartsHeld>(
            "node-unfenced", "The clearing of a node may pass its tail, and wipe out who has linked itself.", s_lost),
    ];

    private static Variant<QueuedSpinLockThree<UpstreamQueuedSpinLock, TStart>> Right<TStart>(
        string name, string summary)
        where TStart : struct, ISpinLockStart
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "v6.12, kernel/locking/qspinlock.c",
            Expected = Expectation.Clean,
        };

    private static Variant<QueuedSpinLockThree<TRule, TStart>> Wrong<TRule, TStart>(
        string name, string summary, Expectation expected, bool needsWeakMemory = false)
        where TRule : struct, IQueuedSpinLockRule
        where TStart : struct, ISpinLockStart
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "mutant",
            Expected = expected,
            NeedsWeakMemory = needsWeakMemory,
            CorrectTwin = TStart.IsHeld ? Held : Free,
        };

    private static Variant<QueuedSpinLockThree<TRule, TStart>> Weak<TRule, TStart>(
        string name, string summary, Expectation expected)
        where TRule : struct, IQueuedSpinLockRule
        where TStart : struct, ISpinLockStart
        => Wrong<TRule, TStart>(name, summary, expected, needsWeakMemory: true);
}
