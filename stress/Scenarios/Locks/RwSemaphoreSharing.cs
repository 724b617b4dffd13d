using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>Readers share, writers exclude, one writer turns into a reader, and all sleep and wake as they must.</summary>
public readonly partial struct RwSemaphoreSharing<TRule>(nint root) : IScenario<RwSemaphoreSharing<TRule>>
    where TRule : struct, IRwSemaphoreRule
{
    private const int Downgrader = 1;

    private static readonly LockClass s_class = new("rwsem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("writer", "downgrader", "reader", "other reader"),
        RootBytes = 128,
        KnownRaces = LockRaces.Sleeping,
        ExploresRealLocks = true,
    };

    private RwSemaphoreCore<TRule> Lock => new(root, s_class);

    private AtomicU32 Writers => new(root + 64);

    private AtomicU32 Readers => new(root + 68);

    private PlainU64 Data => new(root + 72);

    public static RwSemaphoreSharing<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "sem");
        Lock.Initialize(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role > Downgrader)
        {
            Read(cpu);
        }
        else
        {
            Write(cpu, role == Downgrader);
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
        Share(cpu);
        Lock.UpRead(cpu);
        cpu.Leave();
    }

    private void Write<TCpu>(TCpu cpu, bool isDowngraded) where TCpu : struct, ICpu
    {
        cpu.Enter("down_write");
        Lock.DownWrite(cpu, 0);
        cpu.Require(cpu.FetchAddRelaxed(Writers, 1u) == 0, "one writer holds the lock");
        cpu.Require(cpu.ReadOnce(Readers) == 0, "a writer excludes readers");
        cpu.Write(Data, cpu.Read(Data) + 1);
        cpu.Write(Data, cpu.Read(Data) + 1);
        cpu.FetchAddRelaxed(Writers, uint.MaxValue);
        if (isDowngraded)
        {
            Lock.DowngradeWrite(cpu);
            Share(cpu);
            Lock.UpRead(cpu);
        }
        else
        {
            Lock.UpWrite(cpu);
        }

        cpu.Leave();
    }

    private void Share<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.FetchAddRelaxed(Readers, 1u);
        cpu.Require(cpu.ReadOnce(Writers) == 0, "a reader excludes writers");
        cpu.Require(cpu.Read(Data) % 2 == 0, "a reader sees all that a writer did, or nothing");
        cpu.FetchAddRelaxed(Readers, uint.MaxValue);
    }
}

/// <summary>The scenario <c>locks/rwsem-sharing</c>.</summary>
internal static class RwSemaphoreSharingCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rwsem-sharing",
        "Two writers, of which one downgrades, and two readers take a rw_semaphore by its real algorithm.",
        1,
        [
            new Variant<RwSemaphoreSharing<UpstreamRwSemaphore>>
            {
                Name = "upstream",
                Summary = "As in v6.12.",
                Source = "v6.12, kernel/locking/rwsem.c",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphoreSharing<EagerClock>>
            {
                Name = "eager-clock",
                Summary = "As in v6.12, but spinning writers lose patience with readers sooner.",
                Source = "v6.12, kernel/locking/rwsem.c",
                Expected = Expectation.Clean,
            },
            new Variant<RwSemaphoreSharing<GrantWithoutAcquire>>
            {
                Name = "grant-without-acquire",
                Summary = "A granted reader may have read before the writer was through.",
                Source = "before 99143f82a255",
                Expected = Expectation.Violates(FindingKind.DataRace, "of Data by")
                    .Or(FindingKind.Invariant, "a reader sees all that a writer did")
                    .Or(FindingKind.Invariant, "a reader excludes writers"),
                CorrectTwin = "eager-clock",
                CorpusEntry = "rwsem-reader-no-acquire",
            },
            new Variant<RwSemaphoreSharing<IgnoresStealingWriter>>
            {
                Name = "ignores-stealing-writer",
                Summary = "Readers are let in although a writer has stolen the lock from them.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "excludes")
                    .Or(FindingKind.DataRace, "of Data by"),
                CorrectTwin = "eager-clock",
                ScheduleBudget = 1_000_000,
            },
        ]);
}
