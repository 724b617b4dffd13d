using System;
using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What a run did and found: the content of its <c>summary.json</c>, also while it still goes on.</summary>
public sealed record RunSummary
{
    /// <summary>Version of the file's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the file was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The summary of a run of this build on this computer that begins.</summary>
    /// <param name="started">When it begins.</param>
    /// <param name="commandLine">The tool's arguments.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="planned">How many items there will be.</param>
    public static RunSummary Begin(
        DateTimeOffset started, IReadOnlyList<string> commandLine, ulong seed, int planned)
        => new()
        {
            Run = null,
            Folder = null,
            Tool = $"stress {ToolVersion.Current.Version}",
            Commit = ToolVersion.Current.Commit,
            CommandLine = commandLine,
            Host = HostDescription.Current,
            Seed = seed,
            Started = started,
            Planned = planned,
        };

    /// <summary>Name of the run: its folder's; null when it leaves none.</summary>
    public required string? Run { get; init; }

    /// <summary>The run's folder, as the one who started it would write it; null when it leaves none.</summary>
    public required string? Folder { get; init; }

    /// <summary>Version of the tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The commit that the tool was built from; null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The arguments that the tool was started with.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>Where it ran.</summary>
    public required HostDescription Host { get; init; }

    /// <summary>The seed that all the seeds of the items come from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took so far, in seconds.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary><c>running</c>, <c>finished</c>, <c>interrupted</c> or <c>failed</c>. A run that was killed stays
    /// <c>running</c>.</summary>
    public string State { get; init; } = RunStates.Running;

    /// <summary>What the process ended with; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How many items the run is to have.</summary>
    public int Planned { get; init; }

    /// <summary>What a night came to beside its items; null for other runs, and until the night is over.</summary>
    public NightFigures? Night { get; init; }

    /// <summary>The items that are done, in the order in which they were run.</summary>
    public IReadOnlyList<RunItem> Items { get; init; } = [];
}

/// <summary>Values of <see cref="RunSummary.State"/>.</summary>
public static class RunStates
{
    /// <summary>Not at its end.</summary>
    public const string Running = "running";

    /// <summary>Everything that was planned was run.</summary>
    public const string Finished = "finished";

    /// <summary>Ended early by a signal.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Ended early by an error of the harness.</summary>
    public const string Failed = "failed";
}
