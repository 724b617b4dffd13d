using System;
using System.Collections.Generic;
using Stress.CommandLine;
using Stress.Exploration;

namespace Stress.Nightly;

/// <summary>The fields of a plan, of its gates and of its entries: their names, and how their values are read.
/// </summary>
internal static class PlanFields
{
    /// <summary>Of a plan, beside its entries and its gates.</summary>
    public static IReadOnlyDictionary<string, Func<Plan, string, Plan>> Plan { get; } =
        new Dictionary<string, Func<Plan, string, Plan>>
        {
            ["$schema"] = (p, _) => p,
            ["summary"] = (p, v) => p with { Summary = v },
            ["budget"] = (p, v) => p with { Budget = ValueReader.Duration(v) },
            ["selfTest"] = (p, v) => p with { SelfTest = v },
        };

    /// <summary>Of its gates.</summary>
    public static IReadOnlyDictionary<string, Func<Gates, string, Gates>> Gates { get; } =
        new Dictionary<string, Func<Gates, string, Gates>>
        {
            ["verdicts"] = (g, v) => g with { Verdicts = Gate(v) },
            ["newLockOrder"] = (g, v) => g with { NewLockOrder = Gate(v) },
            ["throughput"] = (g, v) => g with { Throughput = Gate(v) },
            ["counts"] = (g, v) => g with { Counts = Gate(v) },
        };

    /// <summary>Of an entry.</summary>
    public static IReadOnlyDictionary<string, Func<PlanEntry, string, PlanEntry>> Entry { get; } =
        new Dictionary<string, Func<PlanEntry, string, PlanEntry>>
        {
            ["machine"] = (e, v) => e with { Kind = ItemKinds.Named(ValueReader.OneOf(v, ItemKinds.Names)) },
            ["scenarios"] = (e, v) => e with { Scenarios = v },
            ["variants"] = (e, v) => e with { Variants = v },
            ["expected"] = (e, v)
                => e with { Expected = ValueReader.OneOf(v, PlanEntry.Any, PlanEntry.Clean, PlanEntry.Violation) },
            ["schedules"] = (e, v) => e with { Schedules = ValueReader.Whole(v, 1, 1_000_000_000_000) },
            ["duration"] = (e, v) => e with { Duration = ValueReader.Duration(v) },
            ["threads"] = (e, v) => e with { Threads = ValueReader.WholeInt(v, 1, 1024) },
            ["pin"] = (e, v) => e with { Pin = IsOn(v) },
            ["perturb"] = (e, v) => e with { Perturb = ValueReader.Share(v) },
            ["failAlloc"] = (e, v) => e with { FailAlloc = ValueReader.Share(v) },
            ["seeds"] = (e, v) => e with { Seeds = ValueReader.WholeInt(v, 1, 1000) },
            ["layouts"] = (e, v) => e with { Layouts = Names(v) },
            ["machineFile"] = (e, v) => e with { MachineFile = v },
            ["cpus"] = (e, v) => e with { Cpus = ValueReader.Counts(v) },
            ["prefetch"] = (e, v) => e with { Prefetch = IsOn(v) },
            ["operations"] = (e, v) => e with { Operations = ValueReader.WholeInt(v, 1, 100_000_000) },
            ["iterations"] = (e, v) => e with { Iterations = ValueReader.WholeInt(v, 1, 1_000) },
            ["filter"] = (e, v) => e with { Filter = v },
            ["seedOffset"] = (e, v) => e with { SeedOffset = ValueReader.Whole(v, 0, long.MaxValue) },
            ["strategy"] = (e, v) => e with { Strategy = ValueReader.OneOf(v, ExploreOptions.Strategies) },
            ["memory"] = (e, v) => e with
            {
                Memory = Enum.Parse<MemoryModel>(ValueReader.OneOf(v, "sc", "weak"), ignoreCase: true),
            },
            ["preemptions"] = (e, v) => e with { Preemptions = ValueReader.WholeInt(v, 0, 16) },
            ["locks"] = (e, v) => e with { Locks = ValueReader.OneOf(v, "default", "atomic", "real") },
            ["races"] = (e, v) => e with { Races = IsOn(v) },
            ["lockOrder"] = (e, v) => e with { LockOrder = IsOn(v) },
            ["replays"] = (e, v) => e with { Replays = ValueReader.WholeInt(v, 1, 1_000_000) },
        };

    private static bool IsOn(string value) => ValueReader.OneOf(value, "on", "off") == "on";

    private static string[] Names(string value)
        => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names
            ? names : throw new FormatException("names none; give names, with commas between them");

    private static string Gate(string value) => ValueReader.OneOf(value, Nightly.Gates.Fail, Nightly.Gates.Report);
}
