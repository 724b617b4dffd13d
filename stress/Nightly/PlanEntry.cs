using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;

namespace Stress.Nightly;

/// <summary>One line of a plan: which variants run on which machine, and for how long.</summary>
internal sealed record PlanEntry
{
    public const string Any = "any";
    public const string Clean = "clean";
    public const string Violation = "violation";

    /// <summary>Where it stands in its file, from 1; 0 for what stands in none.</summary>
    public required int Line { get; init; }

    /// <summary>What is done with the variants; null until it was read.</summary>
    public IItemKind Kind { get; init; } = ItemKinds.None;

    /// <summary>Pattern of scenario names, with <c>*</c> and <c>?</c>.</summary>
    public string Scenarios { get; init; } = "*";

    /// <summary>Pattern of variant names, with <c>*</c> and <c>?</c>.</summary>
    public string Variants { get; init; } = "*";

    /// <summary>Takes only variants of which this is expected: <see cref="Any"/>, <see cref="Clean"/> or
    /// <see cref="Violation"/>.</summary>
    public string Expected { get; init; } = Any;

    /// <summary>Schedules at most; without it, a variant's own budget.</summary>
    public long? Schedules { get; init; }

    /// <summary>Time at most; a hammer run takes all of it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Threads of a hammer run; without it, one for each role.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether a hammer run keeps each thread on a CPU of its own.</summary>
    public bool Pin { get; init; }

    /// <summary>Hammer: probability of a delay before an access.</summary>
    public double Perturb { get; init; }

    /// <summary>Hammer: probability that an allocation fails that may.</summary>
    public double FailAlloc { get; init; }

    /// <summary>Corpus: seeds that must each find the bug.</summary>
    public int? Seeds { get; init; }

    /// <summary>Simulate, layout, bench: names of layouts; the others are compared with the first.</summary>
    public IReadOnlyList<string> Layouts { get; init; } = [];

    /// <summary>Simulate: the machine, by name or file.</summary>
    public string? MachineFile { get; init; }

    /// <summary>Simulate: numbers of CPUs. Bench: numbers of threads, each on a CPU of its own.</summary>
    public IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>Simulate: whether the adjacent-line prefetcher works.</summary>
    public bool Prefetch { get; init; } = true;

    /// <summary>Simulate: measured operations of each CPU.</summary>
    public int? Operations { get; init; }

    /// <summary>Simulate: runs of each cell. Bench: iterations of each benchmark in a pass.</summary>
    public int? Iterations { get; init; }

    /// <summary>Bench: a pattern of the names of benchmarks, or a part of one.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether it says anything of layouts.</summary>
    public bool IsOfLayouts => Layouts.Count > 0 || MachineFile is not null || Cpus.Count > 0 || !Prefetch
        || Operations is not null || Iterations is not null || Filter is not null;

    /// <summary>Whether it says anything of exploring or hammering.</summary>
    public bool IsOfSchedules => this is not
    {
        Schedules: null, Duration: null, Threads: null, Pin: false, Perturb: 0, FailAlloc: 0, Seeds: null,
        Strategy: "portfolio", Locks: "default", Memory: null, Preemptions: null,
    };

    /// <summary>Added to the seed of the night.</summary>
    public long SeedOffset { get; init; }

    public string Strategy { get; init; } = "portfolio";

    public string Locks { get; init; } = "default";

    /// <summary>Whether data races are looked for.</summary>
    public bool Races { get; init; } = true;

    /// <summary>Whether the order of locks is watched.</summary>
    public bool LockOrder { get; init; } = true;

    /// <summary>The memory model of an exploration; without it, the one that a variant needs to show what is wrong.
    /// </summary>
    public MemoryModel? Memory { get; init; }

    /// <summary>How many preemptions a schedule of an exhaustive search may have; without it, any number.</summary>
    public int? Preemptions { get; init; }

    /// <summary>How often a trace is replayed from its file.</summary>
    public int Replays { get; init; } = 5;

    /// <summary>For messages: the expectation and a space, or nothing.</summary>
    public string ExpectedWord => Expected switch
    {
        Clean => "correct ",
        Violation => "wrong ",
        _ => "",
    };

    /// <summary>What it selects of a scenario.</summary>
    public IEnumerable<PlanItem> Select(Scenario scenario)
        => FileSystemName.MatchesSimpleExpression(Scenarios, scenario.Name, ignoreCase: false)
            ? scenario.Variants.Where(IsSelected).Select(
                variant => new PlanItem(this, scenario, variant, $"{Way}/{scenario.Name}@{variant.Name}"))
            : [];

    /// <summary>The memory model under which a variant is explored.</summary>
    public MemoryModel MemoryOf(Variant variant)
        => Memory ?? (variant.NeedsWeakMemory ? MemoryModel.Weak : MemoryModel.Sc);

    // What tells this way to run a variant from others, whatever its limits are.
    private string Way => string.Join('.', new[]
    {
        Kind.Name,
        Strategy == new PlanEntry { Line = 0 }.Strategy ? "" : Strategy,
        Memory?.ToString().ToLowerInvariant() ?? "",
        Locks == "default" ? "" : Locks,
        MachineFile is null ? "" : System.IO.Path.GetFileNameWithoutExtension(MachineFile),
        Prefetch ? "" : "no-prefetch",
    }.Where(part => part.Length > 0));

    private bool IsSelected(Variant variant)
        => FileSystemName.MatchesSimpleExpression(Variants, variant.Name, ignoreCase: false)
            && Kind.Takes(this, variant)
            && (Expected == Any || Kind.IsExpectedClean(this, variant) == (Expected == Clean));
}
