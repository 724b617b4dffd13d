namespace Stress.Exploration;

/// <summary>An event that a reader has to see, and why.</summary>
/// <param name="Event">Index of the event in the run.</param>
/// <param name="Kind">Why.</param>
internal readonly record struct StoryMark(int Event, StoryMarkKind Kind);

/// <summary>Why an event is marked.</summary>
internal enum StoryMarkKind
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>It is one of two accesses that nothing orders.</summary>
    Racing,

    /// <summary>It is one of the two events whose order makes the difference.</summary>
    Deciding,
}
