using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Decides in which order items run, and how a budget of time is spread over them.</summary>
/// <remarks>
/// Without a budget everything runs as the plan says, in its order. With one:
/// <list type="number">
/// <item>the self-test comes first, then what was not as expected last time, then known bugs, then the rest;</item>
/// <item>when all of it takes less, further rounds of the items that more time makes sense for get what is left, each
/// in proportion to its yield by cost: the chance of a surprise, by seconds;</item>
/// <item>when it takes more, those items get less, down to a tenth; what even so does not fit, of each entry of the plan the
/// same part, comes last, and runs if the others took less than they were thought to.</item>
/// </list>
/// </remarks>
internal static class BudgetSpread
{
    // A round that is shorter ends before it has begun.
    private const double LeastSeconds = 1;
    private const double LeastShare = 0.1;

    // What is between items takes time too.
    private const double UsableShare = 0.95;

    /// <summary>What runs, in its order.</summary>
    /// <param name="items">What the plan asks for, in its order.</param>
    /// <param name="budget">Time for all of it; null for the plan's own limits.</param>
    /// <param name="past">What earlier nights say, by key.</param>
    public static IReadOnlyList<ScheduledItem> Spread(
        IReadOnlyList<PlanItem> items, TimeSpan? budget, IReadOnlyDictionary<string, PastRuns> past)
    {
        List<Candidate> all = [.. items.Select(item => Candidate.Of(item, past))];
        if (budget is not { } time)
        {
            return [.. all.Select(one => new ScheduledItem(one.Item.Key, one.Seconds))];
        }

        all = [.. all.OrderBy(one => one.Rank)];
        double usable = time.TotalSeconds * UsableShare;
        double needed = all.Sum(one => one.Seconds);
        return needed <= usable ? WithMore(all, usable - needed) : WithLess(all, usable);
    }

    private static IReadOnlyList<ScheduledItem> WithMore(List<Candidate> all, double spare)
    {
        List<Candidate> elastic = [.. all.Where(one => one.IsElastic).OrderByDescending(one => one.Weight)];

        // Who would get less than the least leaves its part to the others.
        while (elastic.Count > 0 && spare * elastic[^1].Weight / elastic.Sum(one => one.Weight) < LeastSeconds)
        {
            elastic.RemoveAt(elastic.Count - 1);
        }

        double weights = elastic.Sum(one => one.Weight);
        return
        [
            .. all.Select(one => one.AsPlanned),
            .. elastic.Select(one => one.Again(spare * one.Weight / weights)),
        ];
    }

    private static IReadOnlyList<ScheduledItem> WithLess(List<Candidate> all, double usable)
    {
        double inelastic = all.Where(one => !one.IsElastic).Sum(one => one.Seconds);
        double elastic = all.Sum(one => one.Seconds) - inelastic;
        double share = elastic == 0 ? 1 : Math.Clamp((usable - inelastic) / elastic, LeastShare, 1);
        ScheduledItem[] items = [.. all.Select(one => one.IsElastic && share < 1 ? one.Shortened(share) : one.AsPlanned)];
        bool[] fits = new bool[items.Length];
        double used = 0;
        foreach (int next in EvenlyOf(all))
        {
            used += items[next].EstimatedSeconds;
            fits[next] = used <= usable || all[next].Item.IsSelfTest;
        }

        return
        [
            .. items.Where((_, i) => fits[i]),
            .. items.Where((_, i) => !fits[i]).Select(item => item with { Why = "if time is left" }),
        ];
    }

    // Numbers of the items: the self-test, what failed, and then of each entry the same part, as far as that goes.
    private static IEnumerable<int> EvenlyOf(List<Candidate> all)
    {
        double[] places = new double[all.Count];
        foreach (IGrouping<PlanEntry, int> entry in Enumerable.Range(0, all.Count).GroupBy(i => all[i].Item.Entry))
        {
            int[] own = [.. entry.Where(i => !all[i].IsUrgent)];
            for (int i = 0; i < own.Length; i++)
            {
                places[own[i]] = (i + 1.0) / own.Length;
            }
        }

        return Enumerable.Range(0, all.Count).OrderBy(i => places[i]);
    }

    private sealed record Candidate(PlanItem Item, double Seconds, PastRuns Past)
    {
        public bool IsElastic => !Item.IsSelfTest && Item.Entry.Kind.IsElastic(Item);

        public double Weight => Past.Yield / Math.Max(Seconds, LeastSeconds);

        public int Rank => Item.IsSelfTest ? 0 : Past.FailedLast ? 1
            : !Item.Entry.Kind.IsExpectedClean(Item.Entry, Item.Variant) ? 2 : 3;

        public bool IsUrgent => Rank < 2;

        public ScheduledItem AsPlanned => new(Item.Key, Seconds, Why: Why);

        private string Why => Rank switch
        {
            0 => "self-test",
            1 => "failed last time",
            2 => "known bug",
            _ => "",
        };

        public static Candidate Of(PlanItem item, IReadOnlyDictionary<string, PastRuns> past)
        {
            PastRuns known = past.GetValueOrDefault(item.Key, PastRuns.None);
            return new Candidate(item, known.Nights > 0 ? known.Seconds : item.Entry.Kind.EstimateSeconds(item), known);
        }

        public ScheduledItem Again(double seconds)
            => new($"{Item.Key}#2", seconds, Math.Round(seconds, 3), Round: 2, "time left");

        public ScheduledItem Shortened(double share)
        {
            double seconds = Math.Round(Math.Max(Seconds * share, 0.01), 3);
            return new ScheduledItem(Item.Key, seconds, seconds, Why: "shortened");
        }
    }
}
