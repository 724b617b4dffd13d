using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Bench;

/// <summary>Times what a plan selects, and turns the times into items.</summary>
/// <param name="process">The process that measures.</param>
/// <param name="plan">What and how.</param>
internal sealed class BenchJob(BenchProcess process, BenchPlan plan)
{
    private const string Log = "bench/benchmark.log";
    private const string CaseLine = "// Benchmark: ";
    private const string RestLine = "// ** Remained ";

    /// <summary>Times.</summary>
    /// <param name="session">The run.</param>
    /// <returns>What was timed; fewer than planned when the run was interrupted.</returns>
    /// <exception cref="IOException">Nothing was: says where the reason is.</exception>
    public BenchmarkFile Time(Session session)
        => session.Output.Track("bench", progress => Time(session, progress));

    /// <inheritdoc cref="Time(Session)"/>
    /// <param name="session">The run.</param>
    /// <param name="progress">Is told how far it is.</param>
    public BenchmarkFile Time(Session session, Action<Func<ProgressNote>> progress)
    {
        string folder = Path.Combine(session.Folder.Location, "bench");
        Directory.CreateDirectory(folder);
        string settings = Path.Combine(session.Folder.Location, BenchmarkSettings.Name);
        AtomicFile.WriteAllText(settings, ResultsJson.Write(plan.Settings(Path.GetFullPath(folder))));
        int ended = Measure(session, settings, progress);
        string file = Path.Combine(session.Folder.Location, BenchmarkFile.Name);
        return File.Exists(file) ? BenchmarkFile.Load(file) with { HostLoad = HostLoad.Now() }
            : session.Interrupt.IsRequested
                ? new BenchmarkFile
                {
                    Schema = BenchmarkFile.CurrentSchema,
                    Host = HostDescription.Current,
                    Series = [],
                }
            : throw new IOException(
                $"nothing was timed, the benchmarks ended with {ended}; "
                + $"{Path.Combine(session.Folder.Location, Log)} says why");
    }

    /// <summary>Writes what was timed again, with what was added to it.</summary>
    public static void Save(Session session, BenchmarkFile timed)
        => AtomicFile.WriteAllText(
            Path.Combine(session.Folder.Location, BenchmarkFile.Name), ResultsJson.Write(timed));

    /// <summary>An item for each series.</summary>
    public static IReadOnlyList<RunItem> Items(
        Session session, BenchmarkFile timed, IReadOnlyList<SeriesComparison> compared)
    {
        return [.. timed.Series.Select(series => Item(series, compared.FirstOrDefault(c => c.Name == series.Name)))];

        RunItem Item(BenchmarkSeries series, SeriesComparison? comparison)
        {
            TimedFigures figures = FiguresOf(series, timed, comparison);
            bool isRegression = comparison?.Verdict == SeriesVerdict.Regression;
            return new RunItem
            {
                Machine = "bench",
                Scenario = series.Name,
                ScenarioVersion = BenchmarkFile.CurrentSchema,
                Variant = series.Layout ?? "",
                Expected = compared.Count == 0 ? "to be timed" : "no slower than the baseline, beyond the noise",
                Verdict = isRegression ? Verdicts.Regression : Verdicts.Timed,
                Outcome = $"{figures.MedianNs:N1} ns, median of {Figures.Count(figures.Iterations, "iteration")}",
                IsAsExpected = !isRegression,
                Seed = session.Recorder.Summary.Seed,
                ElapsedSeconds = 0,
                Timed = figures,
                Reproduce = Reproduction.Run(string.Join(' ', session.Recorder.Summary.CommandLine)),
            };
        }
    }

    /// <summary>The figures of a series.</summary>
    public static TimedFigures FiguresOf(BenchmarkSeries series, BenchmarkFile timed, SeriesComparison? comparison)
    {
        BenchmarkSeries? first = RatioEstimate.BaselineOf(series, timed.Series);
        double[] values = [.. series.Passes.SelectMany(static pass => pass)];
        return new TimedFigures(
            series.Threads,
            Math.Round(Medians.Of(values), 3),
            Math.Round(values.Min(), 3),
            values.Length,
            Medians.DifferenceFromItself(series),
            first is null ? null : RatioEstimate.Of(series, first),
            comparison);
    }

    private int Measure(Session session, string settings, Action<Func<ProgressNote>> progress)
    {
        string rest = "";
        using StreamWriter log = File.CreateText(Path.Combine(session.Folder.Location, Log));
        return process.Measure(
            settings,
            plan.Extra.Contains("--filter") ? plan.Extra : ["--filter", .. plan.Filters, .. plan.Extra],
            line =>
            {
                log.WriteLine(line);
                if (line.StartsWith(RestLine, StringComparison.Ordinal))
                {
                    rest = $"{line[RestLine.Length..].Split(' ')[0]} measurements to go, ";
                }
                else if (line.StartsWith(CaseLine, StringComparison.Ordinal))
                {
                    progress(() => $"bench: {rest}now {NameIn(line)}");
                }
            },
            session.Interrupt.Token);
    }

    // "// Benchmark: Class.Method: job(all of its settings) [parameters]"
    private static string NameIn(string line)
    {
        string name = line[CaseLine.Length..].Split(':')[0];
        int parameters = line.LastIndexOf('[');
        return parameters < 0 ? name : $"{name} {line[parameters..]}";
    }
}
