using System.Collections.Generic;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>What three tasks want of a rw_semaphore.</summary>
public interface IRwSemaphoreCast
{
    /// <summary>How many of the tasks write; the others read.</summary>
    static abstract int Writers { get; }

    /// <summary>Names of the tasks, writers first.</summary>
    static abstract IReadOnlyList<TaskSpec> Tasks { get; }
}

/// <summary>Two writers and a reader.</summary>
public readonly struct TwoWriters : IRwSemaphoreCast
{
    public static int Writers => 2;

    public static IReadOnlyList<TaskSpec> Tasks { get; } = ScenarioPlan.OwnCpus("writer", "other writer", "reader");
}

/// <summary>A writer and two readers.</summary>
public readonly struct TwoReaders : IRwSemaphoreCast
{
    public static int Writers => 1;

    public static IReadOnlyList<TaskSpec> Tasks { get; } = ScenarioPlan.OwnCpus("writer", "reader", "other reader");
}

/// <summary>Three tasks take a rw_semaphore once: writers alone, nobody against a promise, and each sees all that was
/// written under the lock before.</summary>
/// <remarks>
/// For exhaustive exploration: nothing but the lock itself is touched outside of it. The log is the oracle: its atomic
/// additions are never stale, so the data, read relaxed, must be as old as the log says.
/// <code>
/// Log     meaning
/// 0-7     readers that are inside
/// 8-15    writers that are inside
/// 16-63   writers that have been inside
/// </code>
/// </remarks>
public readonly partial struct RwSemaphoreThree<TRule, TCast>(nint root) : IScenario<RwSemaphoreThree<TRule, TCast>>
    where TRule : struct, IRwSemaphoreRule
    where TCast : struct, IRwSemaphoreCast
{
    public const string Exclusion = "a writer excludes everybody else";
    public const string Promise = "nobody takes a lock that is promised to another";
    public const string Visibility = "whoever holds the lock sees all that was written under it";

    private const ulong Reader = 1;
    private const ulong Writer = 1 << 8;
    private const ulong WriterMask = 0xff00;
    private const ulong InsideMask = 0xffff;
    private const int EndedShift = 16;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = TCast.Tasks,
        RootBytes = 128,
        ExploresRealLocks = true,
        KnownRaces = LockRaces.Sleeping,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    private AtomicU64 Log => new(root + 64);

    private AtomicU64 Data => new(root + 72);

    public static RwSemaphoreThree<TRule, TCast> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role < TCast.Writers)
        {
            Write(cpu);
        }
        else
        {
            Read(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.ReadOnce(Lock.Count) == 0, "the count is 0 when nobody holds or wants the lock");
        cpu.Require(Lock.WaitList.First(cpu) == 0, "nobody waits when all have gone");
        cpu.Require(cpu.ReadOnce(Data) == cpu.ReadOnce(Log) >> EndedShift, "every write is there");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Write<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_write");
        ulong count = Lock.DownWrite(cpu, 0);
        cpu.Require((count & RwSemaphoreWord.Handoff) == 0, Promise);
        ulong log = cpu.FetchAddRelaxed(Log, Writer);
        cpu.Require((log & InsideMask) == 0, Exclusion);
        ulong seen = cpu.ReadOnce(Data);
        cpu.Require(seen == log >> EndedShift, Visibility);
        cpu.WriteOnce(Data, seen + 1);
        cpu.FetchAddRelaxed(Log, (1ul << EndedShift) - Writer);
        Lock.UpWrite(cpu);
        cpu.Leave();
    }

    private void Read<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_read");
        ulong count = Lock.DownRead(cpu, 0);
        cpu.Require((count & RwSemaphoreWord.Handoff) == 0, Promise);
        ulong log = cpu.FetchAddRelaxed(Log, Reader);
        cpu.Require((log & WriterMask) == 0, Exclusion);
        cpu.Require(cpu.ReadOnce(Data) == log >> EndedShift, Visibility);
        cpu.FetchAddRelaxed(Log, unchecked(0 - Reader));
        Lock.UpRead(cpu);
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/rwsem-three</c>.</summary>
internal static class RwSemaphoreThreeCatalog
{
    private const string Writers = "two-writers";
    private const string Readers = "two-readers";

    private static readonly Expectation s_promise = Expectation.Violates(
        FindingKind.Invariant, RwSemaphoreThree<SleepingRwSemaphore, TwoWriters>.Promise);

    private static readonly Expectation s_visibility = Expectation.Violates(
        FindingKind.Invariant, RwSemaphoreThree<SleepingRwSemaphore, TwoWriters>.Visibility);

    // What a holder too many does to the others: they meet, or it works on what is old.
    private static readonly Expectation s_exclusion = Expectation
        .Violates(FindingKind.Invariant, RwSemaphoreThree<SleepingRwSemaphore, TwoWriters>.Exclusion)
        .Or(FindingKind.Invariant, s_visibility.Text);

    private static readonly Expectation s_asleep = Expectation.Violates(
        FindingKind.MissedWakeup, "nobody is left to wake it");

    public static Scenario Scenario { get; } = new(
        "locks/rwsem-three",
        "Three tasks take a rw_semaphore once, by its real algorithm without spinning.",
        1,
        Variants());

    private static IReadOnlyList<Variant> Variants() =>
    [
        Right<SleepingRwSemaphore, TwoWriters>(Writers, "Two writers and a reader; Owner is not kept."),
        Right<SleepingRwSemaphore, TwoReaders>(Readers, "A writer and two readers; Owner is not kept."),
        Right<SleepingRwSemaphoreWithOwner, TwoReaders>(
            "two-readers-owner", "The same with Owner, by which a reader may tell readers from a writer."),
        Wrong<JoinsReaders, TwoReaders>(
            "writer-joins-readers", "A waiting writer takes the lock that readers hold.", s_exclusion),
        Wrong<SleepsIgnoringStealer, TwoWriters>(
            "ignores-stealing-writer", "Readers are let in although a writer has stolen the lock from them.",
            s_exclusion),
        Wrong<LooksBeforeRelease, TwoReaders>(
            "up-write-looks-early", "up_write looks for waiters before it gives the lock up.", s_asleep),
        Wrong<LastReaderWakesNobody, TwoWriters>(
            "up-read-wakes-nobody", "The last reader leaves without a look at the waiters.", s_asleep),
        Wrong<QueuedReaderWakesNobody, TwoReaders>(
            "queued-reader-sleeps", "A reader that queues does not look whether the writer has gone meanwhile.",
            s_asleep),
        Wrong<WakerDropsWaiters, TwoWriters>(
            "waker-drops-waiters", "Whoever lets readers in clears Waiters although writers go on waiting.", s_asleep),
        Wrong<WriterDropsWaiters, TwoWriters>(
            "writer-drops-waiters", "A waiting writer that takes the lock clears Waiters although others wait.",
            s_asleep),
        Wrong<ReaderStealsPromise, TwoWriters>(
            "reader-steals-promise", "A reader takes the free lock that is promised to the first waiter.", s_promise),
        Wrong<WriterStealsPromise, TwoWriters>(
            "writer-steals-promise", "A waiting writer takes the free lock that is promised to the first.", s_promise),
        Weak<FreeWriteRelaxed, TwoWriters>(
            "free-write-relaxed", "down_write takes a free lock by a relaxed exchange.", s_visibility),
        Weak<ReadRelaxed, TwoReaders>(
            "read-relaxed", "down_read enters the count by a relaxed addition.", s_visibility),
        Weak<QueuedWriteRelaxed, TwoWriters>(
            "queued-write-relaxed", "A waiting writer takes the lock by a relaxed exchange.", s_visibility),
        Weak<UpWriteRelaxed, TwoReaders>(
            "up-write-relaxed", "up_write gives the lock up by a relaxed addition.", s_visibility),
        Weak<EarlyExitUnfenced, TwoReaders>(
            "early-exit-unfenced", "A reader that finds the writer gone enters without a fence.", s_visibility,
            "before e1b98fa31664"),
        Weak<SleepsWithoutAcquire, TwoReaders>(
            "grant-without-acquire", "A granted reader may have read before the writer was through.", s_visibility,
            "before 99143f82a255"),
    ];

    private static Variant<RwSemaphoreThree<TRule, TCast>> Right<TRule, TCast>(string name, string summary)
        where TRule : struct, IRwSemaphoreRule
        where TCast : struct, IRwSemaphoreCast
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "v6.12, kernel/locking/rwsem.c without CONFIG_RWSEM_SPIN_ON_OWNER",
            Expected = Expectation.Clean,
        };

    private static Variant<RwSemaphoreThree<TRule, TCast>> Wrong<TRule, TCast>(
        string name, string summary, Expectation expected, string source = "mutant", bool needsWeakMemory = false)
        where TRule : struct, IRwSemaphoreRule
        where TCast : struct, IRwSemaphoreCast
        => new()
        {
            Name = name,
            Summary = summary,
            Source = source,
            Expected = expected,
            NeedsWeakMemory = needsWeakMemory,
            CorrectTwin = TCast.Writers == 1 ? Readers : Writers,
        };

    private static Variant<RwSemaphoreThree<TRule, TCast>> Weak<TRule, TCast>(
        string name, string summary, Expectation expected, string source = "mutant")
        where TRule : struct, IRwSemaphoreRule
        where TCast : struct, IRwSemaphoreCast
        => Wrong<TRule, TCast>(name, summary, expected, source, needsWeakMemory: true);
}
