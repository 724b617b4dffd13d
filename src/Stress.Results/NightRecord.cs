using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Results;

/// <summary>What is remembered of a night: one line of a history file.</summary>
public sealed record NightRecord
{
    /// <summary>Version of the line's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the line was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Name of the run.</summary>
    public required string Run { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How the plan was asked for.</summary>
    public required string Plan { get; init; }

    /// <summary>Version of the tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The commit that the tool was built from; null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The seed of the night.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What the process ended with.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The smallest distances to a violation.</summary>
    public IReadOnlyList<NearMiss> NearMisses { get; init; } = [];

    /// <summary>A record for each item.</summary>
    public IReadOnlyList<ItemRecord> Items { get; init; } = [];

    /// <summary>What is to be remembered of a night.</summary>
    public static NightRecord Of(RunSummary night, int exitCode)
    {
        ArgumentNullException.ThrowIfNull(night);
        return new NightRecord
        {
            Run = night.Run ?? "",
            Started = night.Started,
            Plan = night.Night?.Plan ?? "",
            Tool = night.Tool,
            Commit = night.Commit,
            Seed = night.Seed,
            ExitCode = exitCode,
            NearMisses = night.Night?.NearMisses ?? [],
            Items = [.. night.Items.Select(ItemRecord.Of)],
        };
    }
}

/// <summary>What is remembered of an item.</summary>
/// <param name="Key">Its place in the plan.</param>
/// <param name="Verdict">One of <see cref="Verdicts"/>.</param>
/// <param name="IsAsExpected">Whether it is the expected one.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Rates">Figures that chance and the computer have a part in, by name: operations per second.</param>
/// <param name="Counts">Figures that the seed alone decides, by name.</param>
public sealed record ItemRecord(
    string Key,
    string Verdict,
    bool IsAsExpected,
    double Seconds,
    IReadOnlyDictionary<string, double> Rates,
    IReadOnlyDictionary<string, long> Counts)
{
    private const string Verified = "verified";

    /// <summary>The seed of the item; null in records of older versions.</summary>
    public ulong? Seed { get; init; }

    /// <summary>What is to be remembered of an item.</summary>
    public static ItemRecord Of(RunItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new ItemRecord(
            item.Key ?? $"{item.Machine}/{item.Scenario}@{item.Variant}",
            item.Verdict,
            item.IsAsExpected,
            item.ElapsedSeconds,
            RatesOf(item),
            CountsOf(item))
        {
            Seed = item.Seed,
        };
    }

    private static Dictionary<string, double> RatesOf(RunItem item)
    {
        var rates = new Dictionary<string, double>();
        if (item.Hammered is { } hammered)
        {
            rates["operations/s"] = hammered.OperationsPerSecond;
            foreach (LockFigures taken in hammered.Locks.Where(taken => taken.Acquisitions > 0))
            {
                rates[$"contended {taken.Name}"] = Math.Round((double)taken.Contended / taken.Acquisitions, 6);
                rates[$"wait mean ns {taken.Name}"] = taken.WaitMean;
            }
        }

        if (item.Explored is { } explored && item.Finding is null && item.ElapsedSeconds > 0)
        {
            rates["schedules/s"] = Math.Round(explored.Schedules / item.ElapsedSeconds);
        }

        foreach (SeriesFigures series in item.Series ?? [])
        {
            rates[$"ns {series.Name}"] = series.Timed.MedianNs;
        }

        return rates;
    }

    private static Dictionary<string, long> CountsOf(RunItem item)
    {
        var counts = new Dictionary<string, long>();
        if (item.Killed is { } killed)
        {
            counts["seeds that found it"] = killed.Found;
            if (killed.MedianSchedules is { } median)
            {
                counts["median schedules to find it"] = median;
            }
        }
        else if (item.Finding?.Schedule is { } schedule && item.Machine == "explore")
        {
            counts["schedules to find it"] = schedule;
        }

        if (item.Explored is { } verified && item.Outcome.StartsWith(Verified, StringComparison.Ordinal))
        {
            counts["executions of all"] = verified.Schedules;
        }

        foreach ((string name, long count) in item.Counts ?? new Dictionary<string, long>())
        {
            counts[name] = count;
        }

        return counts;
    }
}
