using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What a night is to run, decided before it begins: the content of its <c>schedule.json</c>. A night that was
/// ended early goes on from it.</summary>
public sealed record NightSchedule
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string Name = "schedule.json";

    /// <summary>Version of the file's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the file was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>How the plan was asked for: a name or a path.</summary>
    public required string Plan { get; init; }

    /// <summary>The plan itself.</summary>
    public required string PlanText { get; init; }

    /// <summary>Equal for nights of the same plan over the same scenarios.</summary>
    public required string PlanHash { get; init; }

    /// <summary>The seed of the night.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Explorers side by side.</summary>
    public required int Workers { get; init; }

    /// <summary>Which part of the plan this is, from 1.</summary>
    public int Shard { get; init; } = 1;

    /// <summary>How many parts there are.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Time for all of it, in seconds; null when the plan's own limits hold.</summary>
    public double? BudgetSeconds { get; init; }

    /// <summary>The items of this part, in the order in which they run.</summary>
    public required IReadOnlyList<ScheduledItem> Items { get; init; }
}

/// <summary>One item of a night.</summary>
/// <param name="Key">Its place in the plan; further rounds of the same end in <c>#2</c>, <c>#3</c>, …</param>
/// <param name="EstimatedSeconds">How long it is expected to take.</param>
/// <param name="SliceSeconds">How long it may take instead of what the plan says; null for the plan's limits.</param>
/// <param name="Round">1 for the plan's own; more for what a budget allows beyond it.</param>
/// <param name="Why">Why it stands where it stands, in a word or two.</param>
public sealed record ScheduledItem(
    string Key, double EstimatedSeconds, double? SliceSeconds = null, int Round = 1, string Why = "");
