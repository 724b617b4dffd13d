namespace Stress.Exploration;

/// <summary>Says in the past tense what a task did in an event.</summary>
internal static class Deed
{
    /// <summary>Such as <c>wide set resv.CacheCount from 1 to 0</c>.</summary>
    /// <param name="facts">The run.</param>
    /// <param name="at">Index of the event.</param>
    /// <param name="place">What the place is called; null for its name.</param>
    public static string Of(StoryFacts facts, int at, string? place = null)
    {
        TraceEvent told = facts.Events[at];
        string who = at > facts.Alone ? "the check" : facts.Tasks[told.Task];
        return $"{who} {Of(told, place ?? told.Place)}";
    }

    private static string Of(TraceEvent told, string place) => told.Op switch
    {
        AccessOp.Park when told.IsWait => "went to sleep",
        _ when told.IsWait => $"had to wait for {place}",
        AccessOp.Enter => $"called {told.Place}({told.Before})",
        AccessOp.Leave => "returned",
        AccessOp.LockContended => $"wanted {place}",
        AccessOp.LockAcquired => $"took {place}",
        AccessOp.LockReleased => $"gave up {place}",
        AccessOp.Alloc => told.Before.Length == 0 ? $"got no {told.Place}" : $"allocated {told.Before}",
        AccessOp.Free => $"freed {place}",
        AccessOp.Park => "woke",
        AccessOp.PrepareToPark => "was about to sleep",
        AccessOp.CancelPark => "gave up sleeping",
        AccessOp.Unpark => $"woke {told.Place.Split('.')[0]}",
        AccessOp.WaitWhile or AccessOp.WaitForClear => $"saw {place} as {told.Before}",
        _ when told.IsExchangeOnMatch() && told.Before != told.A => $"found {place} as {told.Before}, not {told.A},",
        _ when told.Writes() => told.Before is "fresh" or "" || told.Before == told.After()
            ? $"set {place} to {told.After()}" : $"set {place} from {told.Before} to {told.After()}",
        _ when told.Reads() => $"read {place} as {told.Before}"
            + (told.Newest.Length > 0 ? $", when the newest was {told.Newest}," : ""),
        _ => $"made a {EventText.Of(told)}",
    };
}
