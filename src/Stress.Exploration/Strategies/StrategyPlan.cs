using System;
using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Says which strategy makes the decisions of which schedule, from which numbers.</summary>
/// <remarks>
/// Schedule n of a seed depends on nothing else, so it is the same on whatever worker it runs. Its generator is seeded
/// with a number derived from both, so that neither neighbouring seeds nor neighbouring schedules share numbers.
/// One for each worker: the strategies are used again and again.
/// </remarks>
/// <param name="options">The strategy, its depth and the seed.</param>
/// <param name="tasks">How many tasks there are.</param>
/// <param name="expectedDecisions">How many decisions between tasks a run takes.</param>
internal sealed class StrategyPlan(ExploreOptions options, int tasks, int expectedDecisions)
{
    // Known races need 2 or 3 nearly always; the deepest, four preemptions among three tasks, needs 6.
    private static readonly int[] s_portfolioDepths = [2, 3, 4, 5, 6];

    private readonly RandomStrategy _random = new();
    private readonly PctStrategy _pct = new();

    /// <summary>The strategy of a schedule, ready to run it.</summary>
    public IStrategy For(long schedule)
    {
        var numbers = new Xoshiro256(SplitMix64.Derive(options.Seed, (ulong)schedule));
        switch (options.Strategy)
        {
            case "portfolio" when schedule % 2 == 1:
                int depth = s_portfolioDepths[(schedule / 2) % s_portfolioDepths.Length];
                _pct.Begin(numbers, tasks, depth, expectedDecisions);
                return _pct;

            case "pct":
                _pct.Begin(numbers, tasks, options.PctDepth, expectedDecisions);
                return _pct;

            case "portfolio" or "random":
                _random.Begin(numbers);
                return _random;

            default:
                throw new ArgumentException(
                    $"strategy '{options.Strategy}' is none of {string.Join(", ", (IEnumerable<string>)ExploreOptions.Strategies)}");
        }
    }
}
