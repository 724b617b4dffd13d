using System.Collections.Generic;

namespace Stress.Results;

/// <summary>One finding by itself: the content of a file in <c>findings/</c>.</summary>
public sealed record FindingFile
{
    /// <summary>Name of the sub-folder of a run.</summary>
    public const string FolderName = "findings";

    /// <summary>Version of the file's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the file was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Name of the variant.</summary>
    public required string Variant { get; init; }

    /// <summary>What was found, and where its other files are.</summary>
    public required FindingSummary Finding { get; init; }

    /// <summary>The steps that matter, in their order; empty where the run was not recorded.</summary>
    public IReadOnlyList<FlowStep> Flow { get; init; } = [];

    /// <summary>One sentence that says what happened; null where the run was not recorded.</summary>
    public string? Closing { get; init; }

    /// <summary>The command that replays it; null where there is no trace.</summary>
    public string? Reproduce { get; init; }
}

/// <summary>One step of a failed run.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Event">Which event of the run it is, from 0.</param>
/// <param name="Depth">How many operations of the task are open around it.</param>
/// <param name="Text">What the task did.</param>
/// <param name="IsMarked">Whether it is one of two racing accesses, or of the two events that decide.</param>
public sealed record FlowStep(string Task, int Event, int Depth, string Text, bool IsMarked);
