using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What a night came to beside its items.</summary>
public sealed record NightFigures
{
    /// <summary>How the plan was asked for.</summary>
    public required string Plan { get; init; }

    /// <summary>Equal for nights of the same plan over the same scenarios.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Which part of the plan this is, from 1.</summary>
    public int Shard { get; init; } = 1;

    /// <summary>How many parts there are.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The night that it was compared with; null for the first of its plan.</summary>
    public string? Before { get; init; }

    /// <summary>A line for each bug.</summary>
    public IReadOnlyList<LedgerLine> Ledger { get; init; } = [];

    /// <summary>What is new in the order of locks, in words.</summary>
    public IReadOnlyList<string> NewLockOrder { get; init; } = [];

    /// <summary>Counts that the seed alone decides and that are not those of the last night, each in one line.</summary>
    public IReadOnlyList<string> ChangedCounts { get; init; } = [];

    /// <summary>How many known-bad variants had to be found to trust the night.</summary>
    public int SelfTests { get; init; }

    /// <summary>Keys of those that were not found.</summary>
    public IReadOnlyList<string> SelfTestsMissed { get; init; } = [];

    /// <summary>The smallest distances to a violation.</summary>
    public IReadOnlyList<NearMiss> NearMisses { get; init; } = [];

    /// <summary>Keys of items that the budget left out.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Shards of a merged night that are not there, from 1.</summary>
    public IReadOnlyList<int> MissingShards { get; init; } = [];

    /// <summary>Gates of the plan that did not hold, each in one line.</summary>
    public IReadOnlyList<string> FailedGates { get; init; } = [];
}
