using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Says in one sentence what happened.</summary>
/// <param name="facts">The run.</param>
/// <param name="pair">The two events whose order makes the difference; null when they are not known.</param>
/// <param name="racing">Accesses that nothing orders.</param>
internal sealed class ClosingSentence(StoryFacts facts, DecidingPair? pair, IReadOnlyList<StoryMark> racing)
{
    private const int MostReads = 2;

    private readonly IReadOnlyList<TraceEvent> _events = facts.Events;

    /// <summary>The sentence.</summary>
    public string Write()
    {
        if (facts.Failure < 0)
        {
            return "The run ended without a finding.";
        }

        TraceEvent failed = _events[facts.Failure];
        return $"{Closed(Cause(failed))}: {Verdict(failed)}.";
    }

    // A deed may end with the comma of an aside, "found x as 1, not 0,", and what follows may begin with one.
    private static string Closed(string cause)
        => cause.Replace(",,", ",", StringComparison.Ordinal).TrimEnd(',');

    private string Cause(TraceEvent failed)
    {
        if (racing.Count >= 2)
        {
            return $"{Deed.Of(facts, racing[0].Event)} and {Deed.Of(facts, racing[^1].Event)}, "
                + "and nothing orders the two";
        }

        string? known = failed.Before switch
        {
            "deadlock" or "rcu-stall" => OfWaiting(failed.Place),
            "missed-wakeup" => OfSleep(),
            "use-after-free" or "double-free" or "leak" => OfObject(),
            _ => OfLostUpdate(),
        };
        return known ?? (IsPair() ? OfPair(pair!) : OfReads(failed));
    }

    private bool IsPair()
        => pair is not null && pair.First >= 0 && pair.First < pair.Second && pair.Second < _events.Count;

    private string OfPair(DecidingPair deciding)
    {
        bool isSamePlace = _events[deciding.First].Place == _events[deciding.Second].Place
            && _events[deciding.First].Op != AccessOp.Enter;
        string second = Deed.Of(facts, deciding.Second, isSamePlace ? "it" : null);
        string order = $"{Deed.Of(facts, deciding.First)} before {second}";
        int[] reads = [.. facts.LastForeignReads(MostReads).Where(at => at > deciding.Second)];
        return reads.Length == 0 ? order : $"{order}, and then {Reads(reads)}";
    }

    // Of several updates that were lost, the one that decides.
    private string? OfLostUpdate()
        => facts.LostUpdate() is var (read, between, write) && (!IsPair() || pair!.First == read)
            ? $"{Deed.Of(facts, read)} before {Deed.Of(facts, between, "it")}, and then {Deed.Of(facts, write, "it")}"
            : null;

    private string OfReads(TraceEvent failed)
    {
        int[] reads = [.. facts.LastForeignReads(MostReads)];
        int last = facts.LastOwnAccess();
        return reads.Length > 0 ? Reads(reads)
            : last >= 0 ? Deed.Of(facts, last)
            : $"{facts.Tasks[failed.Task]} failed";
    }

    // What the failing task, or the judgement, saw of others.
    private string Reads(int[] reads)
    {
        string who = reads[0] > facts.Alone ? "the check" : facts.Tasks[_events[reads[0]].Task];
        string seen = Wording.Join(
            [.. reads.Reverse().Select(at => $"{_events[at].Place} to be {_events[at].Before}")]);
        string writers = Wording.Join(
            [.. reads.Reverse().Select(at => facts.Tasks[_events[facts.Writer[at]].Task]).Distinct()]);
        return $"{who} found {seen}, as {writers} had left {(reads.Length == 1 ? "it" : "them")}";
    }

    private string OfWaiting(string waits)
    {
        var locks = new LockTimeline();
        for (int i = 0; i < _events.Count; i++)
        {
            locks.Follow(i, _events[i]);
        }

        IEnumerable<string> holding = locks.Spans(_events.Count)
            .Where(span => span.To == _events.Count && span.Use != LockUse.Waits)
            .GroupBy(span => facts.Tasks[span.Task], span => span.Lock)
            .Where(held => waits.Contains($"{held.Key} waits", StringComparison.Ordinal)
                || waits.Contains($"{held.Key} sleeps", StringComparison.Ordinal))
            .Select(held => $"{held.Key} holds {Wording.Join([.. held.Distinct()])}");
        return string.Join(", ", [.. holding, "nobody can go on"]);
    }

    private string? OfSleep()
    {
        int sleep = Last(told => told.IsWait && told.Op == AccessOp.Park && facts.LastOf(told.Task) >= 0
            && _events[facts.LastOf(told.Task)] == told);
        if (sleep < 0)
        {
            return null;
        }

        string sleeper = facts.Tasks[_events[sleep].Task];
        int wake = Last(told => told.Op == AccessOp.Unpark && told.Place.Split('.')[0] == sleeper);
        int announced = Last(told => told.Op == AccessOp.PrepareToPark && told.Task == _events[sleep].Task);
        return wake < 0 ? $"{sleeper} went to sleep, and nobody woke it"
            : wake < announced
                ? $"{Deed.Of(facts, wake)} before {Deed.Of(facts, announced)}, and nobody woke it again"
            : $"{sleeper} sleeps though {Deed.Of(facts, wake)}";
    }

    private string? OfObject()
    {
        if (facts.NamedObject() is not { } name)
        {
            return null;
        }

        int task = _events[facts.Failure].Task;
        int freed = Last(told => told.Op == AccessOp.Free && told.Place == name && told.Task != task);
        int got = Last(told => told.Task == task && told.Reads() && told.Before == "&" + name);
        int allocated = Last(told => told.Op == AccessOp.Alloc && told.Before == name);
        return freed >= 0 && got >= 0
            ? got < freed ? $"{Deed.Of(facts, got)} before {Deed.Of(facts, freed)}, and used it after"
                : $"{Deed.Of(facts, freed)} before {Deed.Of(facts, got)}"
            : freed >= 0 ? Deed.Of(facts, freed)
            : allocated >= 0 ? Deed.Of(facts, allocated) : null;
    }

    private int Last(Predicate<TraceEvent> isIt)
    {
        for (int i = _events.Count - 1; i >= 0; i--)
        {
            if (isIt(_events[i]))
            {
                return i;
            }
        }

        return StoryFacts.None;
    }

    private static string Verdict(TraceEvent failed) => failed.Before switch
    {
        "bug" or "warning" => failed.Place,
        "deadlock" or "missed-wakeup" or "leak" => failed.Place,
        "invariant" => $"it does not hold that {failed.Place}",
        _ => $"{failed.Before}: {failed.Place}",
    };
}
