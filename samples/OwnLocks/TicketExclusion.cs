using Stress.Machine;

namespace OwnLocks;

/// <summary>Three tasks take one ticket lock in turn and count under it.</summary>
/// <typeparam name="TRule">The version of the lock.</typeparam>
/// <param name="root">Address of the root block.</param>
public readonly partial struct TicketExclusion<TRule>(nint root) : IScenario<TicketExclusion<TRule>>
    where TRule : struct, ITicketRule
{
    private static readonly LockClass s_class = new("ticket_lock");

    /// <inheritdoc/>
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second", "third"),
        RootBytes = 128,
    };

    private TicketLock<TRule> Lock => new(root, s_class);

    private PlainU64 Counted => new(root + 64);

    private AtomicU64 Done => new(root + 72);

    /// <inheritdoc/>
    public static TicketExclusion<TRule> At(nint root) => new(root);

    /// <inheritdoc/>
    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(Lock, "lock");

    /// <inheritdoc/>
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    /// <inheritdoc/>
    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("count");
        Lock.Acquire(cpu);
        cpu.Write(Counted, cpu.Read(Counted) + 1);
        Lock.Release(cpu);
        cpu.FetchAddRelaxed(Done, 1ul);
        cpu.Leave();
    }

    /// <inheritdoc/>
    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    /// <inheritdoc/>
    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.Read(Counted) == cpu.ReadOnce(Done), "every count under the lock is there");

    /// <inheritdoc/>
    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The scenario <c>own/ticket-lock</c>.</summary>
public static class TicketExclusionCatalog
{
    /// <summary>What <c>--assembly</c> finds: a public static property of this type.</summary>
    public static Scenario Scenario { get; } = new(
        "own/ticket-lock",
        "Three tasks count under one ticket lock.",
        1,
        [
            new Variant<TicketExclusion<CorrectTicketLock>>
            {
                Name = "correct",
                Summary = "A ticket is drawn by one operation, and the lock released in order.",
                Source = "Mellor-Crummey and Scott 1991",
                Expected = Expectation.Clean,
            },
            new Variant<TicketExclusion<DrawsInTwoSteps>>
            {
                Name = "draws-in-two-steps",
                Summary = "The next ticket is read and written in two steps.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.DataRace, "in count")
                    .Or(FindingKind.Deadlock, "waits for ticket_lock"),
                CorrectTwin = "correct",
            },
            new Variant<TicketExclusion<ReleasesRelaxed>>
            {
                Name = "releases-relaxed",
                Summary = "The lock is given on by a relaxed store.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.DataRace, "in count"),
                CorrectTwin = "correct",
            },
        ]);
}
