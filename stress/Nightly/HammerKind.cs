using System;
using System.Collections.Generic;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>Runs a variant on real threads.</summary>
internal sealed class HammerKind : IItemKind
{
    public string Name => "hammer";

    public string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { IsOfLayouts: true } => ItemKinds.LayoutFields,
        { Duration: null } => "a hammer entry needs a 'duration', such as 1s",
        { Schedules: not null } => "'schedules' is for explore entries; hammer takes 'duration'",
        { Strategy: not "portfolio" } or { Preemptions: not null } or { Memory: not null }
            => "'strategy', 'preemptions' and 'memory' are for explore entries",
        { Seeds: not null } => "'seeds' is for corpus entries; nights have a seed each",
        _ => null,
    };

    public string? WhatIsWrong(IReadOnlyList<PlanItem> items) => null;

    public bool Takes(PlanEntry entry, Variant variant) => entry.Expected == PlanEntry.Any || !variant.NeedsWeakMemory;

    // A hammer run goes far beyond the explored program, and into what is known to be wrong behind it.
    public bool IsExpectedClean(PlanEntry entry, Variant variant)
        => variant.ExpectedIn(weak: false).IsClean && variant.KnownDefect is null;

    public double EstimateSeconds(PlanItem item) => item.Entry.Duration!.Value.TotalSeconds;

    public bool IsElastic(PlanItem item) => true;

    public RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
    {
        var options = new HammerOptions
        {
            Threads = item.Entry.Threads ?? item.Variant.Plan.Players.Count,
            Duration = slice ?? item.Entry.Duration!.Value,
            Seed = seed,
            Pin = item.Entry.Pin,
            Perturb = item.Entry.Perturb,
            FailAlloc = item.Entry.FailAlloc,
            LockOrder = item.Entry.LockOrder,
        };
        RunItem ran = new HammerJob(item.Scenario, item.Variant, options, HammerJob.DefaultStorySchedules)
            .Run(bench.Session, progress);
        return bench.Replayed(item, ran);
    }
}
