using Stress.Exploration;

namespace Stress.Corpus;

/// <summary>How much is tried of each bug.</summary>
/// <param name="Seed">The first seed.</param>
/// <param name="Seeds">How many seeds, one after the other.</param>
/// <param name="Schedules">Schedules for each seed; null for each bug's own budget.</param>
/// <param name="TwinSchedules">Schedules of each correct twin.</param>
/// <param name="Workers">Explorers side by side.</param>
/// <param name="Replays">Replays of the first trace.</param>
internal sealed record HuntLimits(ulong Seed, int Seeds, long? Schedules, long TwinSchedules, int Workers, int Replays)
{
    /// <summary>What no bug's own budget exceeds.</summary>
    public long MostSchedules { get; init; } = long.MaxValue;

    /// <summary>What is tried unless the command line says otherwise: less where a schedule takes a millisecond.
    /// </summary>
    public static HuntLimits DefaultOf(IExplorationEngine engine) => engine == BuiltinEngine.Instance
        ? new HuntLimits(1, 10, null, 100_000, 1, 20)
        : new HuntLimits(1, 1, null, 500, 1, 20) { MostSchedules = 5_000 };
}
