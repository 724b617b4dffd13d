using Stress.Machine;

namespace OwnLocks;

/// <summary>One task adds to two values under a sequence lock, another reads them: they must be equal.</summary>
/// <typeparam name="TRule">The version of the lock.</typeparam>
/// <param name="root">Address of the root block.</param>
public readonly partial struct SequenceRead<TRule>(nint root) : IScenario<SequenceRead<TRule>>
    where TRule : struct, ISequenceRule
{
    private const int Writer = 0;

    /// <inheritdoc/>
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("writer", "reader"),
        RootBytes = 64,
    };

    private SequencePair<TRule> Pair => new(root);

    private AtomicU32 WriterIsThere => new(root + 16);

    /// <inheritdoc/>
    public static SequenceRead<TRule> At(nint root) => new(root);

    /// <inheritdoc/>
    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(Pair, "pair");

    /// <inheritdoc/>
    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    /// <inheritdoc/>
    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Writer)
        {
            Write(cpu);
            return;
        }

        cpu.Enter("read");
        (uint first, uint second) = Pair.Read(cpu);
        cpu.Require(first == second, "a reader sees both values or none");
        cpu.Leave(first);
    }

    /// <inheritdoc/>
    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    /// <inheritdoc/>
    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Pair.First) == cpu.ReadOnce(Pair.Second), "both values are equal at the end");

    /// <inheritdoc/>
    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    // A hammer run may have more threads than roles: the lock is for one writer, and the others leave it alone.
    private void Write<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("increment");
        if (cpu.CompareExchangeAcquire(WriterIsThere, 0u, 1u) == 0)
        {
            Pair.Increment(cpu);
            cpu.StoreRelease(WriterIsThere, 0u);
        }

        cpu.Leave();
    }
}

/// <summary>The scenario <c>own/sequence-lock</c>.</summary>
public static class SequenceReadCatalog
{
    /// <summary>What <c>--assembly</c> finds: a public static property of this type.</summary>
    public static Scenario Scenario { get; } = new(
        "own/sequence-lock",
        "A reader of two values under a sequence lock meets their writer.",
        1,
        [
            new Variant<SequenceRead<CorrectSequenceLock>>
            {
                Name = "correct",
                Summary = "The reader looks at the sequence again, after a read fence.",
                Source = "Boehm 2012",
                Expected = Expectation.Clean,
            },
            new Variant<SequenceRead<DoesNotRecheck>>
            {
                Name = "no-recheck",
                Summary = "The reader does not look at the sequence again.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "a reader sees both values or none"),
                CorrectTwin = "correct",
            },
            new Variant<SequenceRead<RechecksWithoutFence>>
            {
                Name = "no-fence",
                Summary = "The second look may pass the reads of the values.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.Invariant, "a reader sees both values or none"),
                CorrectTwin = "correct",
                NeedsWeakMemory = true,
            },
        ]);
}
