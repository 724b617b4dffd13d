using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stress.Results;

/// <summary>What was timed in a run: the content of <c>bench/bench.json</c>, and what a later run is compared with.
/// </summary>
public sealed record BenchmarkFile
{
    /// <summary>Where it is in the run's folder.</summary>
    public const string Name = "bench/bench.json";

    /// <summary>Version of the file's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the file was written in.</summary>
    public required int Schema { get; init; }

    /// <summary>Where it ran. Times of different hosts are not compared.</summary>
    public required HostDescription Host { get; init; }

    /// <summary>Tasks that ran or wanted to, on average of the last minute of the run, its own among them; null where
    /// the host does not tell.</summary>
    public double? HostLoad { get; init; }

    /// <summary>Whether more tasks wanted to run than the host has processors, by more than one.</summary>
    [JsonIgnore]
    public bool IsHostBusy => HostLoad > Host.Processors + 1;

    /// <summary>What was timed, in the order of the first pass.</summary>
    public required IReadOnlyList<BenchmarkSeries> Series { get; init; }

    /// <summary>What the simulator counted for the same layouts; empty when it did not run.</summary>
    public IReadOnlyList<SimulatedCounts> Simulated { get; init; } = [];

    /// <summary>The simulator's times beside the measured ones; empty when it did not run.</summary>
    public IReadOnlyList<PredictedTime> Predicted { get; init; } = [];

    /// <summary>Reads the file of a run.</summary>
    /// <param name="run">The run's folder, or the file itself.</param>
    /// <exception cref="BenchmarkFileException">There is none, or it is damaged: says which file and what.</exception>
    public static BenchmarkFile Load(string run)
    {
        string path = File.Exists(run) ? run : Path.Combine(run, Name);
        if (!File.Exists(path))
        {
            throw new BenchmarkFileException(
                Directory.Exists(run)
                    ? $"run '{run}' timed nothing: there is no {Name} in it"
                    : $"there is no run '{run}'");
        }

        try
        {
            BenchmarkFile file = ResultsJson.ReadBenchmarks(File.ReadAllText(path));
            return file.Schema == CurrentSchema
                ? file
                : throw new BenchmarkFileException($"{path}: schema {file.Schema}, this tool reads {CurrentSchema}");
        }
        catch (JsonException e)
        {
            throw new BenchmarkFileException(
                $"{path}: damaged at line {e.LineNumber + 1 ?? 1}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}

/// <summary>One benchmark with one set of parameters, and all that was measured of it.</summary>
public sealed record BenchmarkSeries
{
    /// <summary>What tells it from all others: <c>VmaReadLock.LockAndUnlock(Layout: stock, Threads: 2)</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The class, whose benchmarks are compared with each other.</summary>
    public required string Group { get; init; }

    /// <summary>The layout that was timed; null where a benchmark has none.</summary>
    public string? Layout { get; init; }

    /// <summary>Threads that ran it; null where a benchmark does not say.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether the class names it as the one that others are compared with.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Nanoseconds of one operation, for each iteration of each pass. Passes of different series took turns.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<double>> Passes { get; init; }
}

/// <summary>Counts of one simulation: the same inputs give the same counts, so any difference is one of the code.
/// </summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Layout">Its variant.</param>
/// <param name="Cpus">CPUs.</param>
/// <param name="Machine">A hash of the machine's description and of the limits of the run: counts of others are not
/// compared.</param>
/// <param name="Operations">Measured operations of all CPUs.</param>
/// <param name="HitmLocal">Loads served by a core of the same socket that had modified the line.</param>
/// <param name="HitmRemote">Loads served by a core of another socket that had modified the line.</param>
/// <param name="StoreMisses">Stores and atomic instructions that had to get their line.</param>
/// <param name="Picoseconds">Elapsed time of the simulated machine.</param>
public sealed record SimulatedCounts(
    string Scenario, string Layout, int Cpus, string Machine, long Operations, long HitmLocal, long HitmRemote,
    long StoreMisses, long Picoseconds)
{
    /// <summary>What is counted, by name.</summary>
    public IEnumerable<(string Name, long Count)> Counts()
        =>
        [
            ("HITM local", HitmLocal), ("HITM remote", HitmRemote), ("store misses", StoreMisses),
            ("time", Picoseconds),
        ];
}

/// <summary>A time that the simulator predicts, beside the measured one.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Threads">Threads.</param>
/// <param name="MeasuredNs">Nanoseconds of an operation: median.</param>
/// <param name="PredictedNs">Nanoseconds of an operation on the simulated machine.</param>
/// <param name="MeasuredRatio">To the first layout; null for the first layout itself, and for too few passes.</param>
/// <param name="PredictedRatio">The same ratio on the simulated machine.</param>
/// <param name="NoiseBand">How far the benchmark, or its baseline, differs from itself: 0.05 for 5 %; null where that was
/// not measured.</param>
public sealed record PredictedTime(
    string Layout, int Threads, double MeasuredNs, double PredictedNs, RatioEstimate? MeasuredRatio,
    double PredictedRatio, double? NoiseBand = null)
{
    /// <summary>Whether the predicted ratio lies within the measured interval; null when there is none.</summary>
    public bool? IsWithin => MeasuredRatio?.Holds(PredictedRatio);

    /// <summary>Whether it is no farther from the interval than the benchmark differs from itself: what the run cannot
    /// tell from noise.</summary>
    public bool IsWithinNoise
        => MeasuredRatio is { } measured && NoiseBand is { } band
            && PredictedRatio >= measured.Low / (1 + band) && PredictedRatio <= measured.High * (1 + band);
}
