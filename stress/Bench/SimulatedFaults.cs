using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;
using Stress.Simulation;

namespace Stress.Bench;

/// <summary>Simulates the fault path for the layouts and numbers of threads that were timed.</summary>
/// <param name="catalog">Where the scenario is.</param>
/// <param name="machine">The machine to simulate.</param>
internal sealed class SimulatedFaults(IReadOnlyList<Scenario> catalog, MachineModel machine)
{
    /// <summary>The class of the benchmarks that time the same.</summary>
    public const string Benchmark = "FaultPath";

    private const string ScenarioName = "vma/anon-fault";
    private const int Operations = 2_000;
    private const int Placements = 5;
    private const int HashDigits = 12;

    /// <summary>Simulates.</summary>
    /// <param name="timed">What was timed; other benchmarks than <see cref="Benchmark"/> are passed over.</param>
    /// <param name="progress">Sees how far it is.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>What was timed, with counts and predictions.</returns>
    /// <exception cref="RunFailedException">The model failed in a simulation.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public BenchmarkFile Predict(BenchmarkFile timed, Action<Func<ProgressNote>> progress, CancellationToken cancel)
    {
        BenchmarkSeries[] series = [.. timed.Series.Where(static one => one.Group == Benchmark)];
        Scenario scenario = catalog.Scenario(ScenarioName);
        SimulationPlan plan = PlanOf(scenario, series);
        IReadOnlyList<SimulationCell> cells = SimulateJob.Cells(plan, progress, cancel);
        cancel.ThrowIfCancellationRequested();
        var bands = new NoiseBand(timed.Series);
        return timed with
        {
            Simulated = [.. cells.SelectMany(CountsOf)],
            Predicted =
            [
                .. series.OrderBy(static one => one.Threads).Select(one => Predict(one, timed.Series, bands, cells)),
            ],
        };
    }

    private SimulationPlan PlanOf(Scenario scenario, IReadOnlyList<BenchmarkSeries> series)
    {
        int[] threads = [.. series.Select(static one => one.Threads!.Value).Distinct()];
        return new SimulationPlan(
            scenario, machine, [.. series.Select(one => scenario.Variant(one.Layout)).Distinct()], threads,
            Prefetches: true, Operations, Placements, Seed: 1, Environment.ProcessorCount, Validates: false,
            SimulationOptions.DefaultWatchdog, "");
    }

    private static PredictedTime Predict(
        BenchmarkSeries series, IReadOnlyList<BenchmarkSeries> run, NoiseBand bands,
        IReadOnlyList<SimulationCell> cells)
    {
        BenchmarkSeries? baseline = RatioEstimate.BaselineOf(series, run);
        double time = NanosecondsOf(series, cells);
        return new PredictedTime(
            series.Layout!,
            series.Threads!.Value,
            Medians.Of(series),
            time,
            baseline is null ? null : RatioEstimate.Of(series, baseline),
            baseline is null ? 1 : time / NanosecondsOf(baseline, cells),
            baseline is null ? null : Greater(bands.Of(series.Name), bands.Of(baseline.Name)));
    }

    private static double? Greater(double? one, double? other) => one is null || one < other ? other : one;

    // What one operation takes a CPU, as the benchmarks tell it.
    private static double NanosecondsOf(BenchmarkSeries series, IReadOnlyList<SimulationCell> cells)
    {
        SimulationCell cell = cells.Single(cell => cell.Layout.Name == series.Layout && cell.Cpus == series.Threads);
        return cell.Cpus * 1e9 / cell.PerSecond;
    }

    private IEnumerable<SimulatedCounts> CountsOf(SimulationCell cell)
    {
        string hash = HashOf(machine);
        yield return new SimulatedCounts(
            ScenarioName,
            cell.Layout.Name,
            cell.Cpus,
            hash,
            cell.Runs.Sum(static run => run.Operations),
            cell.Runs.Sum(static run => run.Lines.Sum(static line => line.HitmLocal)),
            cell.Runs.Sum(static run => run.Lines.Sum(static line => line.HitmRemote)),
            cell.Runs.Sum(static run => run.Lines.Sum(static line => line.StoreMisses)),
            cell.Runs.Sum(static run => run.Elapsed));
    }

    private static string HashOf(MachineModel machine)
    {
        byte[] text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(machine));
        return Convert.ToHexStringLower(SHA256.HashData(text))[..HashDigits];
    }
}
