using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Bench;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>Times layouts and locks on this host, and compares them with the last night of the same plan that did: what is
/// slower, significantly and by more than the noise of both nights, is a regression.</summary>
internal sealed class BenchKind : IItemKind
{
    private const double SecondsOfABuild = 20;
    private const double SecondsOfASeries = 1.5;

    public string Name => "bench";

    public string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { IsOfSchedules: true } => ItemKinds.ScheduleFields,
        { MachineFile: not null } or { Prefetch: false } or { Operations: not null }
            => "'machineFile', 'prefetch' and 'operations' are for simulate entries",
        { Filter: null } => "a bench entry needs 'filter', such as FaultPath",
        { Layouts.Count: 0 } => "a bench entry needs 'layouts', such as \"stock,embedded-line4\"",
        { Cpus: var cpus } when cpus.Count > 0 && cpus.Max() > HostAffinity.ProcessCpus().Count
            => $"cpus: this process may use {HostAffinity.ProcessCpus().Count}, and {cpus.Max()} are asked for",
        _ => null,
    };

    public string? WhatIsWrong(IReadOnlyList<PlanItem> items)
        => items.Count == 1 ? null
            : $"a bench entry is one item, and {items.Count} scenarios are selected; name one in 'scenarios'";

    // One item for all layouts: it stands at the one that the others are compared with.
    public bool Takes(PlanEntry entry, Variant variant) => variant.Name == entry.Layouts[0];

    public bool IsExpectedClean(PlanEntry entry, Variant variant) => true;

    public double EstimateSeconds(PlanItem item)
        => SecondsOfABuild + (SecondsOfASeries * item.Entry.Layouts.Count * Math.Max(1, item.Entry.Cpus.Count));

    public bool IsElastic(PlanItem item) => false;

    public RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
    {
        DateTimeOffset began = DateTimeOffset.UtcNow;
        BenchmarkFile timed = new BenchJob(BenchProcess.Make(build: true), PlanOf(item.Entry)).Time(bench.Session, progress);
        BenchJob.Save(bench.Session, timed);
        (string? before, IReadOnlyList<SeriesComparison> compared, string note) = Compared(bench.Session, timed);
        string[] slower =
            [.. compared.Where(one => one.Verdict == SeriesVerdict.Regression).Select(one => one.Name)];
        bool isInterrupted = bench.Session.Interrupt.IsRequested;
        return new RunItem
        {
            Machine = Name,
            Scenario = item.Scenario.Name,
            ScenarioVersion = item.Scenario.Version,
            Variant = string.Join(',', item.Entry.Layouts),
            Expected = before is null ? "to be timed" : $"no slower than in {before}, beyond the noise",
            Verdict = isInterrupted ? Verdicts.Interrupted
                : slower.Length > 0 ? Verdicts.Regression : Verdicts.Timed,
            Outcome = slower.Length > 0 ? $"slower than in {before}: {string.Join(", ", slower)}"
                : $"{Figures.Count(timed.Series.Count, "benchmark")} timed{note}",
            IsAsExpected = slower.Length == 0,
            Seed = seed,
            ElapsedSeconds = Math.Round((DateTimeOffset.UtcNow - began).TotalSeconds, 3),
            Series =
            [
                .. timed.Series.Select(series => new SeriesFigures(
                    series.Name, series.Layout,
                    BenchJob.FiguresOf(series, timed, compared.FirstOrDefault(one => one.Name == series.Name)))),
            ],
            Reproduce = Reproduction.Run(
                $"bench --filter {item.Entry.Filter} --layouts {string.Join(',', item.Entry.Layouts)}"
                + (item.Entry.Cpus.Count == 0 ? "" : $" --threads {string.Join(',', item.Entry.Cpus)}")
                + (before is null ? "" : $" --baseline {before}")),
        };
    }

    private static BenchPlan PlanOf(PlanEntry entry) => BenchPlan.Quick with
    {
        Filters = [BenchPlan.Pattern(entry.Filter!)],
        Layouts = entry.Layouts,
        Threads = entry.Cpus.Count == 0 ? BenchPlan.Quick.Threads : entry.Cpus,
        Iterations = entry.Iterations ?? BenchPlan.Quick.Iterations,
    };

    private static (string? Before, IReadOnlyList<SeriesComparison> Compared, string Note) Compared(
        Session session, BenchmarkFile timed)
    {
        string parent = Path.GetDirectoryName(Path.GetFullPath(session.Folder.Location))!;
        string? plan = Planned(new StoredRun(session.Folder.Location, session.Recorder.Summary));
        StoredRun? last = StoredRun.All(parent).LastOrDefault(run => run.Summary.Run != session.Recorder.Summary.Run
            && run.IsNight && Planned(run) == plan && File.Exists(Path.Combine(run.Location, BenchmarkFile.Name)));
        if (last is null)
        {
            return (null, [], "");
        }

        try
        {
            return (last.Summary.Run, BenchmarkComparison.Of(timed, BenchmarkFile.Load(last.Location)), "");
        }
        catch (BenchmarkFileException e)
        {
            return (null, [], $"; not compared with {last.Summary.Run}: {e.Message}");
        }
    }

    private static string? Planned(StoredRun run)
    {
        try
        {
            return run.Schedule().Plan;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
