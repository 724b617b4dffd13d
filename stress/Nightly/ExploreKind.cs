using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>Explores a variant, and replays what was found from its file.</summary>
internal sealed class ExploreKind : IItemKind
{
    // Sampled schedules by second and worker, over all scenarios, on a slow computer.
    private const double SchedulesPerSecond = 50_000;
    private const double SecondsToFind = 0.5;

    // Most searches for the end are at it long before their limit.
    private const double SecondsToTheEnd = 1;

    public string Name => "explore";

    public string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { IsOfLayouts: true } => ItemKinds.LayoutFields,
        { Preemptions: not null, Strategy: not ExploreOptions.Exhaustive }
            => "'preemptions' bounds an exhaustive search; add \"strategy\": \"exhaustive\"",
        { Threads: not null } => "'threads' is for hammer entries",
        { Pin: true } or { Perturb: > 0 } or { FailAlloc: > 0 }
            => "'pin', 'perturb' and 'failAlloc' are for hammer entries",
        { Seeds: not null } => "'seeds' is for corpus entries; nights have a seed each",
        _ => null,
    };

    public string? WhatIsWrong(IReadOnlyList<PlanItem> items)
        => items.FirstOrDefault(item => item.Entry.Strategy == ExploreOptions.Exhaustive
            && item.Variant.Plan.HasPriorities) is { } real
            ? $"{real.Scenario.Name} has tasks of real-time priority, which an exhaustive search does not know; "
                + "select others, or another strategy"
            : null;

    public bool Takes(PlanEntry entry, Variant variant) => true;

    public bool IsExpectedClean(PlanEntry entry, Variant variant)
        => variant.ExpectedIn(entry.MemoryOf(variant) == MemoryModel.Weak).IsClean;

    public double EstimateSeconds(PlanItem item)
        => item.Entry.Strategy == ExploreOptions.Exhaustive ? SecondsToTheEnd
            : item.Entry.Duration is { } duration ? duration.TotalSeconds
            : IsExpectedClean(item.Entry, item.Variant)
                ? (item.Entry.Schedules ?? item.Variant.ScheduleBudget) / SchedulesPerSecond
            : SecondsToFind;

    // A search to its end takes what it takes, and a bug is found or not within its own budget.
    public bool IsElastic(PlanItem item)
        => item.Entry.Strategy != ExploreOptions.Exhaustive && IsExpectedClean(item.Entry, item.Variant);

    public RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
    {
        PlanEntry entry = item.Entry;
        bool hasOwnEnd = slice is not null || entry.Duration is not null || entry.Strategy == ExploreOptions.Exhaustive;
        long budget = hasOwnEnd ? long.MaxValue : item.Variant.ScheduleBudget;
        var options = new ExploreOptions
        {
            Seed = seed,
            Schedules = slice is null ? entry.Schedules ?? budget : long.MaxValue,
            Duration = slice ?? entry.Duration,
            Strategy = entry.Strategy,
            Memory = entry.MemoryOf(item.Variant),
            Preemptions = entry.Preemptions,
            Locks = Enum.Parse<LockAlgorithm>(entry.Locks, ignoreCase: true),
            DataRaces = entry.Races,
            LockOrder = entry.LockOrder,
            Workers = bench.Workers,
        };
        RunItem ran = new ExploreJob(item.Scenario, item.Variant, options, BuiltinEngine.Instance)
            .Run(bench.Session, progress);
        return bench.Replayed(item, ran);
    }
}
