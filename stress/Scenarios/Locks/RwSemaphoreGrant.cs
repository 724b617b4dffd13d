using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Readers that sleep behind a writer are granted the lock together, while another writer tries it.</summary>
public readonly partial struct RwSemaphoreGrant<TRule>(nint root) : IScenario<RwSemaphoreGrant<TRule>>
    where TRule : struct, IRwSemaphoreRule
{
    private const int Holder = 0;
    private const int Trier = 3;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("holder", "reader", "other reader", "trier"),
        RootBytes = 128,
        ExploresRealLocks = true,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    private AtomicU32 Readers => new(root + 64);

    public static RwSemaphoreGrant<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Lock.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Holder:
                Write(cpu);
                break;

            case Trier:
                TryWrite(cpu);
                break;

            default:
                Read(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Lock.Count) == 0, "the count is 0 when nobody holds or wants the lock");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Read<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_read");
        Lock.DownRead(cpu, 0);
        cpu.FetchAddRelaxed(Readers, 1u);

        // The oracle's own look at the count: the task is a reader, so it must be counted as one.
        ulong count = cpu.ReadOnce(Lock.Count);
        cpu.Require(
            count >> RwSemaphoreWord.ReaderShift != 0 && (count & RwSemaphoreWord.WriterLocked) == 0,
            "a reader that holds the lock is counted");
        cpu.FetchAddRelaxed(Readers, uint.MaxValue);
        Lock.UpRead(cpu);
        cpu.Leave();
    }

    private void Write<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_write");
        Lock.DownWrite(cpu, 0);
        cpu.Require(cpu.ReadOnce(Readers) == 0, "a writer excludes readers");
        Lock.UpWrite(cpu);
        cpu.Leave();
    }

    private void TryWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("down_write_trylock");
        bool isTaken = Lock.DownWriteTrylock(cpu);
        if (isTaken)
        {
            cpu.Require(cpu.ReadOnce(Readers) == 0, "a writer excludes readers");
            Lock.UpWrite(cpu);
        }

        cpu.Leave(isTaken ? 1 : 0);
    }
}

/// <summary>The scenario <c>locks/rwsem-grant</c>.</summary>
internal static class RwSemaphoreGrantCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rwsem-grant",
        "Two readers that sleep on a rw_semaphore are granted it at once, while a writer tries it.",
        1,
        [
            new Variant<RwSemaphoreGrant<EagerClock>>
            {
                Name = "upstream",
                Summary = "All readers are counted before the first is let go.",
                Source = "a9e9bcb45b15; v6.12, rwsem_mark_wake",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphoreGrant<GrantsBeforeCount>>
            {
                Name = "grants-before-count",
                Summary = "Readers are let go before all of them are counted.",
                Source = "before a9e9bcb45b15",
                Expected = Expectation.Violates(FindingKind.Invariant, "a reader that holds the lock is counted"),
                CorrectTwin = "upstream",
                CorpusEntry = "rwsem-readers-released-before-count",
            },
        ]);
}
