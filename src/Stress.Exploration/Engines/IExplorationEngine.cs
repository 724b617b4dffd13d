using System;
using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Searches the interleavings of a scenario for one that fails, and repeats what it found.</summary>
public interface IExplorationEngine
{
    /// <summary>Its name on the command line and in traces.</summary>
    string Name { get; }

    /// <summary>The strategies by the names that <see cref="ExploreOptions.Strategy"/> takes.</summary>
    IReadOnlyList<string> Strategies { get; }

    /// <summary>Runs schedules until one fails or all have run.</summary>
    /// <exception cref="ArgumentException">The strategy is unknown, or a number is out of its range.</exception>
    ExploreResult Explore<TScenario>(Scenario scenario, Variant variant, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>;

    /// <summary>Repeats a trace of this engine.</summary>
    /// <param name="scenario">The scenario that the trace names.</param>
    /// <param name="variant">The variant that the trace names.</param>
    /// <param name="trace">What to repeat.</param>
    /// <param name="times">How often: at least 1.</param>
    /// <exception cref="TraceException">The trace is one of another scenario, variant, version or engine.</exception>
    ReplayResult Replay<TScenario>(Scenario scenario, Variant variant, Trace trace, int times)
        where TScenario : struct, IScenario<TScenario>;
}
