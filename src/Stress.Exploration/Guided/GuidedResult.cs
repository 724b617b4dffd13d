using System.Globalization;

namespace Stress.Exploration;

/// <summary>What looking for a failure of real threads among schedules came to.</summary>
public sealed record GuidedResult
{
    /// <summary>What was found; null for nothing.</summary>
    public required Finding? Finding { get; init; }

    /// <summary>Whether that is the failure that was looked for, and not another one that was met on the way.</summary>
    public required bool IsSame { get; init; }

    /// <summary>Schedules run.</summary>
    public required long Schedules { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public required bool IsInterrupted { get; init; }

    /// <summary>In one line: whether a schedule of the explored program fails as the real threads did.</summary>
    public string Outcome
        => Finding is { } finding && IsSame ? $"the same failure in schedule {Count(finding.ScheduleIndex + 1)} of the "
            + $"explored program, strategy {finding.Strategy}"
            : Finding is null ? $"the explored program does not reach it within {Count(Schedules)} schedules{Cut}"
            : $"the explored program does not reach it within {Count(Schedules)} schedules{Cut}, but fails otherwise";

    private string Cut => IsInterrupted ? ", interrupted" : "";

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
