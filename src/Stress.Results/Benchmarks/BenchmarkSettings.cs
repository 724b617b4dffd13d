using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What the <c>stress</c> command tells the process that measures.</summary>
public sealed record BenchmarkSettings
{
    /// <summary>Where it is in the run's folder.</summary>
    public const string Name = "bench/settings.json";

    /// <summary>Folder for the exports and for <see cref="BenchmarkFile"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>How often everything is measured, in turns, after a pass that only warms up.</summary>
    public required int Passes { get; init; }

    /// <summary>Iterations of a benchmark in a pass.</summary>
    public required int Iterations { get; init; }

    /// <summary>Length of an iteration, in milliseconds.</summary>
    public required double IterationMilliseconds { get; init; }

    /// <summary>Numbers of threads.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    /// <summary>Layouts, the first of them the one that others are compared with; null for all.</summary>
    public IReadOnlyList<string>? Layouts { get; init; }

    /// <summary>Files of the assemblies that some of the layouts are in.</summary>
    public IReadOnlyList<string> Assemblies { get; init; } = [];
}
