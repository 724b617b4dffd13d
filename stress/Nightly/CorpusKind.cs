using System;
using System.Collections.Generic;
using Stress.Corpus;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Finds a known bug with several seeds, and explores its correct twin.</summary>
internal sealed class CorpusKind : IItemKind
{
    // For each seed: a search, and its share of the replays and of the twin.
    private const double SecondsPerSeed = 0.1;

    public string Name => "corpus";

    public string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { IsOfLayouts: true } => ItemKinds.LayoutFields,
        { Duration: not null } => "'duration' is for explore and hammer entries; corpus takes 'seeds' and 'schedules'",
        { Threads: not null } or { Pin: true } or { Perturb: > 0 } or { FailAlloc: > 0 }
            => "'threads', 'pin', 'perturb' and 'failAlloc' are for hammer entries",
        { Strategy: not "portfolio" } or { Preemptions: not null } or { Memory: not null }
            => "'strategy', 'preemptions' and 'memory' are for explore entries",
        { Expected: PlanEntry.Clean } => "corpus runs known bugs; leave 'expected' out",
        _ => null,
    };

    public string? WhatIsWrong(IReadOnlyList<PlanItem> items) => null;

    public bool Takes(PlanEntry entry, Variant variant) => !variant.Expected.IsClean;

    public bool IsExpectedClean(PlanEntry entry, Variant variant) => false;

    public double EstimateSeconds(PlanItem item) => SecondsPerSeed * Seeds(item);

    public bool IsElastic(PlanItem item) => false;

    public RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
    {
        HuntLimits limits = HuntLimits.DefaultOf(BuiltinEngine.Instance) with
        {
            Seed = seed,
            Seeds = Seeds(item),
            Schedules = item.Entry.Schedules,
            Workers = bench.Workers,
            Replays = item.Entry.Replays,
        };
        return new BugHunt(bench.Catalog, bench.Session, limits, BuiltinEngine.Instance)
            .Hunt(new Bug(item.Scenario, item.Variant), progress);
    }

    private static int Seeds(PlanItem item)
        => item.Entry.Seeds ?? HuntLimits.DefaultOf(BuiltinEngine.Instance).Seeds;
}
