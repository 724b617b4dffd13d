using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What looking for a failure of real threads among schedules came to.</summary>
/// <param name="IsSame">Whether the same failure was found.</param>
/// <param name="Schedules">Schedules that were run.</param>
/// <param name="Outcome">The same in one line.</param>
public sealed record StoryFigures(bool IsSame, long Schedules, string Outcome)
{
    /// <summary>The memory that it was found under: <c>sc</c> or <c>weak</c>; null for nothing.</summary>
    public string? Memory { get; init; }

    /// <summary>What was found, with its trace and story; null for nothing.</summary>
    public FindingSummary? Finding { get; init; }
}

/// <summary>What one task of a hammer run did last before something went wrong.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Role">Which task of the plan it played.</param>
/// <param name="Operations">Its last operations, oldest first; those that were open end in an ellipsis.</param>
/// <param name="Waits">What it waited for; empty when it did not.</param>
/// <param name="Holds">The locks that it held; empty for none.</param>
public sealed record TailFigures(
    string Task, string Role, IReadOnlyList<string> Operations, string Waits, string Holds);
