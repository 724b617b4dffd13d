using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Whether a queued writer orders its taking of the lock before what it does with it.</summary>
public interface IQueuedWriteRule
{
    static abstract bool TakesWithAcquire { get; }
}

/// <summary>Since 84a24bf8c52e.</summary>
public readonly struct TakesWithAcquire : IQueuedWriteRule
{
    static bool IQueuedWriteRule.TakesWithAcquire => true;
}

/// <summary>Before 84a24bf8c52e: only the wait in front of it is an acquire.</summary>
public readonly struct TakesRelaxed : IQueuedWriteRule
{
    static bool IQueuedWriteRule.TakesWithAcquire => false;
}

/// <summary>The end of a writer's way through the queue of a rwlock_t, and a reader that comes and goes.</summary>
/// <remarks>
/// The wait sees the lock free; a reader takes it, writes and gives it back; the exchange then finds the word as the
/// wait left it. Only an acquire of the exchange keeps the writer from having read before.
/// Not modelled: the queue in front of the writer, and readers that wait.
/// Source: queued_write_lock_slowpath, v5.12 and v5.11.
/// </remarks>
public readonly partial struct QueuedWriteLock<TRule>(nint root) : IScenario<QueuedWriteLock<TRule>>
    where TRule : struct, IQueuedWriteRule
{
    private const uint Waiting = 0x100;
    private const uint Locked = 0xff;
    private const uint Reader = 0x200;

    private static readonly LockClass s_class = new("rwlock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("writer", "reader"),
        RootBytes = 64,
        ExploresRealLocks = true,
    };

    private AtomicU32 Word => new(root);

    private AtomicU8 WriterLocked => new(root);

    private QueuedSpinLock Turn => new(root + 4, s_class);

    private PlainU64 Data => new(root + 8);

    private PlainU64 Seen => new(root + 16);

    public static QueuedWriteLock<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Turn.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
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
        => cpu.Require(cpu.ReadOnce(Word) == 0, "a lock that nobody holds or wants is 0");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Write<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("queued_write_lock_slowpath");
        Turn.Acquire(cpu);
        cpu.FetchOrRelaxed(Word, Waiting);
        uint seen;
        do
        {
            cpu.WaitForClear(Word, ~Waiting);

            // Acquire or not: pairs with the reader's release of its count in Read.
            seen = TRule.TakesWithAcquire
                ? cpu.CompareExchangeAcquire(Word, Waiting, Locked) : cpu.CompareExchangeRelaxed(Word, Waiting, Locked);
        }
        while (seen != Waiting);

        cpu.Require(cpu.Read(Data) >= cpu.Read(Seen), "the writer sees all that readers did before it");
        cpu.Write(Seen, cpu.Read(Data));

        // Release, pairs with the reader's acquire of its count. The byte only: readers may be in the rest.
        cpu.StoreRelease(WriterLocked, (byte)0);
        Turn.Release(cpu);
        cpu.Leave();
    }

    // A reader in an interrupt: it does not queue behind a writer that only waits.
    private void Read<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("queued_read_trylock");
        uint before = cpu.FetchAddAcquire(Word, Reader);
        if ((before & (Waiting | Locked)) is 0 or Waiting)
        {
            cpu.Write(Data, cpu.Read(Data) + 1);
        }

        // Release, pairs with the writer's acquire: it sees what was done under the lock.
        cpu.FetchAddRelease(Word, unchecked(0 - Reader));
        cpu.Leave();
    }
}

/// <summary>The scenario <c>locks/qrwlock-write</c>.</summary>
internal static class QueuedWriteLockCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/qrwlock-write",
        "A writer at the head of the queue of a rwlock_t takes it while a reader comes and goes.",
        1,
        [
            new Variant<QueuedWriteLock<TakesWithAcquire>>
            {
                Name = "upstream",
                Summary = "The exchange that takes the lock is an acquire.",
                Source = "84a24bf8c52e",
                Expected = Expectation.Clean,
            },
            new Variant<QueuedWriteLock<TakesRelaxed>>
            {
                Name = "takes-relaxed",
                Summary = "Only the wait in front of the exchange is an acquire.",
                Source = "before 84a24bf8c52e; CVE-2021-46921",
                Expected = Expectation.Violates(FindingKind.DataRace, "of Data by")
                    .Or(FindingKind.Invariant, "the writer sees all that readers did before it"),
                CorrectTwin = "upstream",
                CorpusEntry = "qrwlock-relaxed-cmpxchg",
            },
        ]);
}
