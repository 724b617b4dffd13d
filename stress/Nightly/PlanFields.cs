using System;
using System.Collections.Generic;
using Stress.CommandLine;
using Stress.Exploration;

namespace Stress.Nightly;

/// <summary>The fields of a plan's entry: their names, and how their values are read.</summary>
internal static class PlanFields
{
    public static IReadOnlyDictionary<string, Func<PlanEntry, string, PlanEntry>> All { get; } =
        new Dictionary<string, Func<PlanEntry, string, PlanEntry>>
        {
            ["machine"] = (e, v) => e with { Machine = ValueReader.OneOf(v, PlanEntry.Explore, PlanEntry.Hammer) },
            ["scenarios"] = (e, v) => e with { Scenarios = v },
            ["variants"] = (e, v) => e with { Variants = v },
            ["expected"] = (e, v)
                => e with { Expected = ValueReader.OneOf(v, PlanEntry.Any, PlanEntry.Clean, PlanEntry.Violation) },
            ["schedules"] = (e, v) => e with { Schedules = ValueReader.Whole(v, 1, 1_000_000_000_000) },
            ["duration"] = (e, v) => e with { Duration = ValueReader.Duration(v) },
            ["threads"] = (e, v) => e with { Threads = ValueReader.WholeInt(v, 1, 1024) },
            ["seedOffset"] = (e, v) => e with { SeedOffset = ValueReader.Whole(v, 0, long.MaxValue) },
            ["strategy"] = (e, v) => e with { Strategy = ValueReader.OneOf(v, ExploreOptions.Strategies) },
            ["memory"] = (e, v) => e with
            {
                Memory = Enum.Parse<MemoryModel>(ValueReader.OneOf(v, "sc", "weak"), ignoreCase: true),
            },
            ["preemptions"] = (e, v) => e with { Preemptions = ValueReader.WholeInt(v, 0, 16) },
            ["locks"] = (e, v) => e with { Locks = ValueReader.OneOf(v, "default", "atomic", "real") },
            ["replays"] = (e, v) => e with { Replays = ValueReader.WholeInt(v, 1, 1_000_000) },
        };

    /// <summary>What a whole entry lacks or has too much, or null.</summary>
    public static string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { Machine: "" } => "'machine' is missing: explore or hammer",
        { Machine: PlanEntry.Hammer, Duration: null } => "a hammer entry needs a 'duration', such as 1s",
        { Machine: PlanEntry.Hammer, Schedules: not null }
            => "'schedules' is for explore entries; hammer takes 'duration'",
        { Preemptions: not null, Strategy: not ExploreOptions.Exhaustive }
            => "'preemptions' bounds an exhaustive search; add \"strategy\": \"exhaustive\"",
        { Machine: PlanEntry.Explore, Threads: not null } => "'threads' is for hammer entries",
        _ => null,
    };
}
