using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Decides what a night runs.</summary>
internal sealed class NightPlanner(IReadOnlyList<Scenario> catalog)
{
    // A corpus entry takes seeds one after the other.
    private const ulong SeedsPerNight = 1000;

    /// <summary>A night that begins.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="seed">Its seed; null for the next one of this plan.</param>
    /// <param name="workers">Explorers side by side.</param>
    /// <param name="budget">Time for all of it; null for what the plan says.</param>
    /// <param name="shard">Which part.</param>
    /// <param name="history">What earlier nights came to.</param>
    public NightSchedule Begin(
        Plan plan, ulong? seed, int workers, TimeSpan? budget, Shard shard, NightHistory history)
    {
        IReadOnlyList<PlanItem> all = plan.Expand(catalog);
        TimeSpan? time = budget ?? plan.Budget;
        return new NightSchedule
        {
            Plan = plan.Name,
            PlanText = plan.Text,
            PlanHash = plan.Hash(all),
            Seed = seed ?? NextSeed(plan, history),
            Workers = workers,
            Shard = shard.Number,
            Shards = shard.Count,
            BudgetSeconds = time?.TotalSeconds,
            Items = BudgetSpread.Spread(shard.Of(all), time, PastRuns.Of(history.Here)),
        };
    }

    /// <summary>The items of a plan by their keys.</summary>
    public IReadOnlyDictionary<string, PlanItem> Items(Plan plan)
        => plan.Expand(catalog).ToDictionary(item => item.Key);

    private static ulong NextSeed(Plan plan, NightHistory history)
        => 1 + (SeedsPerNight * (ulong)history.Nights.Count(night => night.Plan == plan.Name));
}
