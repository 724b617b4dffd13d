using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Tells a recorded run.</summary>
/// <param name="plan">Names the tasks.</param>
/// <param name="events">What happened.</param>
/// <param name="pair">The two events whose order makes the difference; null when they are not known.</param>
/// <param name="marks">Other events to mark.</param>
internal sealed class StoryWriter(
    ScenarioPlan plan, IReadOnlyList<TraceEvent> events, DecidingPair? pair = null,
    IReadOnlyList<StoryMark>? marks = null)
{
    /// <summary>The story, for any of its forms.</summary>
    public Story Tell() => new(plan, events, pair, marks ?? []);

    /// <summary>The story as text that tells only what matters.</summary>
    public string Write() => Tell().ToText();
}
