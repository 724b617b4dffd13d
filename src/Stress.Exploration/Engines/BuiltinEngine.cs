using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>The engine of this library: coroutines on one thread for each worker.</summary>
public sealed class BuiltinEngine : IExplorationEngine
{
    /// <summary>What <see cref="Name"/> holds.</summary>
    public const string EngineName = "builtin";

    /// <summary>The only one.</summary>
    public static BuiltinEngine Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Strategies => ExploreOptions.Strategies;

    /// <inheritdoc/>
    public ExploreResult Explore<TScenario>(Scenario scenario, Variant variant, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
        => Explorer.Explore<TScenario>(scenario, variant, options);

    /// <inheritdoc/>
    public ReplayResult Replay<TScenario>(Scenario scenario, Variant variant, Trace trace, int times)
        where TScenario : struct, IScenario<TScenario>
        => Explorer.Replay<TScenario>(scenario, variant, trace, times);
}
