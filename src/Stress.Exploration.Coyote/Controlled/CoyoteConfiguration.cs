using System;
using Microsoft.Coyote;
using Stress.Machine;

namespace Stress.Exploration.Coyote;

/// <summary>Coyote as this tool uses it: everything is controlled, nothing is sent anywhere, and no verdict comes from
/// a clock.</summary>
internal static class CoyoteConfiguration
{
    // The longest that a timer can wait: 49 days. Coyote's own deadlock monitor cannot be turned off.
    private const uint Never = uint.MaxValue - 1;

    // The machine bounds a run itself, and says so: Coyote would end it as if nothing had happened.
    private const uint Unbounded = int.MaxValue;

    // So many points of a run follow the priorities of a fair strategy; then it goes on at random.
    private const uint Prioritized = 10_000;

    /// <summary>For a search.</summary>
    /// <exception cref="ArgumentException">The strategy is unknown.</exception>
    public static Configuration ForSearch(ExploreOptions options)
    {
        uint changes = (uint)(options.PctDepth - 1);
        Configuration common = Common()
            .WithRandomGeneratorSeed((uint)SplitMix64.Derive(options.Seed, 0))
            .WithTestingIterations((uint)Math.Min(options.Schedules, uint.MaxValue));
        return options.Strategy switch
        {
            "portfolio" => common.WithMaxSchedulingSteps(Prioritized, Unbounded),
            "random" => common.WithRandomStrategy(),
            "pct" => common.WithPrioritizationStrategy(isFair: false, changes),
            "probabilistic" => common.WithProbabilisticStrategy(),
            "qlearning" => common.WithQLearningStrategy(),
            "delay-bounding" => common.WithDelayBoundingStrategy(isFair: false, changes),
            _ => throw new ArgumentException(
                $"strategy '{options.Strategy}' is none of {string.Join(", ", CoyoteSupport.Strategies)}"),
        };
    }

    /// <summary>For repeating a recorded run.</summary>
    public static Configuration ForReplay(string trace) => Common().WithReproducibleTrace(trace);

    private static Configuration Common() => Configuration.Create()
        .WithTelemetryEnabled(false)
        .WithTraceAnalysisEnabled(false)
        .WithPartiallyControlledConcurrencyAllowed(false)
        .WithPartiallyControlledDataNondeterminismAllowed(false)
        .WithSystematicFuzzingFallbackEnabled(false)
        .WithMaxSchedulingSteps(Unbounded, Unbounded)
        .WithPotentialDeadlocksReportedAsBugs(false)
        .WithDeadlockTimeout(Never);
}
