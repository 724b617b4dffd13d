namespace Stress.Exploration;

/// <summary>One event as a story tells it.</summary>
/// <param name="Event">Index of the event in the run.</param>
/// <param name="Task">The task that did it.</param>
/// <param name="Depth">How many operations of the task are open around it.</param>
/// <param name="Kind">What sort of event it is.</param>
/// <param name="Text">The words.</param>
internal sealed record StoryRow(int Event, int Task, int Depth, StoryRowKind Kind, string Text)
{
    /// <summary>The order of an access, such as <c>acquire</c>; empty for what is no access.</summary>
    public string Order { get; init; } = "";

    /// <summary>Why a reader has to see it.</summary>
    public StoryMarkKind Mark { get; init; }

    /// <summary>Why the task stopped here and another went on, or empty.</summary>
    public string Switch { get; init; } = "";
}

/// <summary>Sorts of events.</summary>
internal enum StoryRowKind
{
    /// <summary>An operation begins.</summary>
    Call,

    /// <summary>An operation ends.</summary>
    Return,

    /// <summary>A cell is read or written, or an access is ordered.</summary>
    Access,

    /// <summary>A lock is wanted, taken or given up.</summary>
    Lock,

    /// <summary>The task cannot go on.</summary>
    Wait,

    /// <summary>The tasks have ended.</summary>
    Alone,

    /// <summary>The run fails.</summary>
    Failure,

    /// <summary>Words of the story itself, which are no event.</summary>
    Note,
}
