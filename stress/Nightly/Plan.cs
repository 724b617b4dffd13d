using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;
using Stress.CommandLine;
using Stress.Exploration;
using Stress.Machine;

namespace Stress.Nightly;

/// <summary>What a night runs.</summary>
/// <param name="Name">How it was asked for: a name or a path.</param>
/// <param name="Summary">What it is for, in one sentence.</param>
/// <param name="Entries">Its entries; at least one.</param>
internal sealed record Plan(string Name, string Summary, IReadOnlyList<PlanEntry> Entries)
{
    /// <summary>All that the entries select, in their order.</summary>
    /// <exception cref="UsageException">An entry selects nothing, or what it cannot run.</exception>
    public IReadOnlyList<PlanItem> Expand(IReadOnlyList<Scenario> catalog)
    {
        var items = new List<PlanItem>();
        for (int i = 0; i < Entries.Count; i++)
        {
            PlanEntry entry = Entries[i];
            List<PlanItem> selected = [.. catalog.SelectMany(entry.Select)];
            if (selected.Count == 0)
            {
                string near = catalog.Any(scenario => scenario.Name == entry.Scenarios)
                    ? ""
                    : NearestName.Suggestion(entry.Scenarios, catalog.Select(scenario => scenario.Name));
                throw new UsageException(
                    $"plan '{Name}', line {entry.Line}, entries[{i}]: no {entry.ExpectedWord}variant "
                    + $"'{entry.Variants}' of "
                    + $"a scenario '{entry.Scenarios}'{(near.Length > 0 ? near : "; 'stress list variants' names them all")}");
            }

            if (entry.Strategy == ExploreOptions.Exhaustive
                && selected.Find(item => item.Variant.Plan.HasPriorities) is { } real)
            {
                throw new UsageException(
                    $"plan '{Name}', line {entry.Line}, entries[{i}]: {real.Scenario.Name} has tasks of real-time "
                    + "priority, which an exhaustive search does not know; select others, or another strategy");
            }

            items.AddRange(selected);
        }

        return items;
    }
}

/// <summary>One variant to be run on one machine.</summary>
internal sealed record PlanItem(PlanEntry Entry, Scenario Scenario, Variant Variant);

/// <summary>One line of a plan: which variants run on which machine, and for how long.</summary>
internal sealed record PlanEntry
{
    public const string Explore = "explore";
    public const string Hammer = "hammer";
    public const string Any = "any";
    public const string Clean = "clean";
    public const string Violation = "violation";

    /// <summary>Where it stands in its file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary><see cref="Explore"/> or <see cref="Hammer"/>.</summary>
    public string Machine { get; init; } = "";

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

    /// <summary>Added to the seed of the night.</summary>
    public long SeedOffset { get; init; }

    public string Strategy { get; init; } = "portfolio";

    public string Locks { get; init; } = "default";

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
            ? scenario.Variants.Where(IsSelected).Select(variant => new PlanItem(this, scenario, variant))
            : [];

    /// <summary>The memory model under which a variant is explored.</summary>
    public MemoryModel MemoryOf(Variant variant)
        => Memory ?? (variant.NeedsWeakMemory ? MemoryModel.Weak : MemoryModel.Sc);

    private bool IsSelected(Variant variant)
        => FileSystemName.MatchesSimpleExpression(Variants, variant.Name, ignoreCase: false)
            && (Expected == Any
                || (!(Machine == Hammer && variant.NeedsWeakMemory)
                    && IsExpectedClean(variant) == (Expected == Clean)));

    // A hammer run goes far beyond the explored program, and into what is known to be wrong behind it.
    private bool IsExpectedClean(Variant variant)
        => variant.ExpectedIn(MemoryOf(variant) == MemoryModel.Weak).IsClean
            && (Machine != Hammer || variant.KnownDefect is null);
}
