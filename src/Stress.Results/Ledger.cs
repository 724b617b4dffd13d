using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Results;

/// <summary>All bugs that nights have found, each once: the content of <c>ledger.json</c> beside the runs.</summary>
public sealed record Ledger
{
    /// <summary>Name of the file beside the runs.</summary>
    public const string Name = "ledger.json";

    /// <summary>Version of the file's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the file was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The nights that it tells of, in the order in which they were entered.</summary>
    public IReadOnlyList<string> Nights { get; init; } = [];

    /// <summary>For each plan, its last night.</summary>
    public IReadOnlyDictionary<string, LastNight> Last { get; init; } = new Dictionary<string, LastNight>();

    /// <summary>The bugs, in the order in which they were found first.</summary>
    public IReadOnlyList<LedgerEntry> Bugs { get; init; } = [];

    /// <summary>Enters a night. One that was entered before changes nothing.</summary>
    public Ledger With(string plan, RunSummary night)
    {
        ArgumentNullException.ThrowIfNull(night);
        if (Nights.Contains(night.Run))
        {
            return this;
        }

        string run = night.Run ?? "";
        var bugs = Bugs.ToDictionary(bug => bug.Id);
        var order = Bugs.Select(bug => bug.Id).ToList();
        foreach (Sighting sighting in Sighting.Of(night))
        {
            if (!bugs.TryGetValue(sighting.Id, out LedgerEntry? bug))
            {
                order.Add(sighting.Id);
                bug = new LedgerEntry(
                    sighting.Id, sighting.Signature, sighting.IsExpected,
                    run, night.Started, run, night.Started, 0, []);
            }

            bugs[sighting.Id] = bug with
            {
                LastRun = run,
                LastSeen = night.Started,
                Count = bug.Count + sighting.Count,
                Places = [.. bug.Places.Union(sighting.Places).Order(StringComparer.Ordinal)],
            };
        }

        return this with
        {
            Nights = [.. Nights, run],
            Last = new Dictionary<string, LastNight>(Last)
            {
                [plan] = new LastNight(run, [.. Sighting.Of(night).Select(sighting => sighting.Id)]),
            },
            Bugs = [.. order.Select(id => bugs[id])],
        };
    }

    /// <summary>What a night that is not entered yet means: what is new in it, known, there again, and gone.</summary>
    /// <remarks>A variant that is wrong on purpose may show it in more than one way, with other seeds: in the places of
    /// expected bugs an expected finding of another signature is known, and the one that it came instead of is not gone.
    /// </remarks>
    public IReadOnlyList<LedgerLine> Compare(string plan, RunSummary night)
    {
        ArgumentNullException.ThrowIfNull(night);
        Dictionary<string, LedgerEntry> known = Bugs.ToDictionary(bug => bug.Id);
        HashSet<string> last = [.. Last.TryGetValue(plan, out LastNight? before) ? before.Bugs : []];
        IReadOnlyList<Sighting> now = Sighting.Of(night);
        HashSet<string> run =
        [
            .. night.Items.Where(item => item.Verdict is not (Verdicts.Interrupted or Verdicts.Error))
                .Select(Sighting.PlaceOf),
        ];
        HashSet<string> wrong = WrongPlaces(Bugs);
        HashSet<string> wrongLast = WrongPlaces(Bugs.Where(bug => last.Contains(bug.Id)));
        HashSet<string> wrongNow =
            [.. now.Where(sighting => sighting.IsExpected).SelectMany(sighting => sighting.Places)];
        IEnumerable<LedgerLine> seen = now.Select(sighting => new LedgerLine(
            last.Contains(sighting.Id) || (sighting.IsExpected && sighting.Places.All(wrongLast.Contains))
                ? LedgerStates.Known
                : known.ContainsKey(sighting.Id) || (sighting.IsExpected && sighting.Places.All(wrong.Contains))
                ? LedgerStates.Again : LedgerStates.New,
            sighting.Id,
            sighting.Signature,
            sighting.IsExpected,
            sighting.Count,
            (known.GetValueOrDefault(sighting.Id)?.Count ?? 0) + sighting.Count,
            known.GetValueOrDefault(sighting.Id)?.FirstSeen ?? night.Started,
            sighting.Places)
        {
            Story = sighting.Story,
            Reproduce = sighting.Reproduce,
            SameAs = known.Values.FirstOrDefault(other => other.Signature.Id == sighting.Signature.Id
                && other.IsExpected != sighting.IsExpected)?.Places ?? [],
        });
        IEnumerable<LedgerLine> missing = last.Except(now.Select(sighting => sighting.Id))
            .Where(known.ContainsKey).Select(id => known[id])
            .Where(bug => !bug.IsExpected || !bug.Places.Any(wrongNow.Contains)).Select(bug => new LedgerLine(
                bug.Places.Any(run.Contains) ? LedgerStates.Gone : LedgerStates.NotLookedFor,
                bug.Id,
                bug.Signature,
                bug.IsExpected,
                0,
                bug.Count,
                bug.FirstSeen,
                bug.Places));
        return [.. seen.Concat(missing)];
    }

    private static HashSet<string> WrongPlaces(IEnumerable<LedgerEntry> bugs)
        => [.. bugs.Where(bug => bug.IsExpected).SelectMany(bug => bug.Places)];
}

/// <summary>The last night of a plan.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Bugs">What it found.</param>
public sealed record LastNight(string Run, IReadOnlyList<string> Bugs);

/// <summary>One bug, however often it was found.</summary>
/// <param name="Id">Of its signature; ends in <c>!</c> where it was not expected.</param>
/// <param name="Signature">What makes it the same.</param>
/// <param name="IsExpected">Whether it was found where it has to be: in a variant that is wrong on purpose.</param>
/// <param name="FirstRun">The night that found it first.</param>
/// <param name="FirstSeen">When that was.</param>
/// <param name="LastRun">The night that found it last.</param>
/// <param name="LastSeen">When that was.</param>
/// <param name="Count">How often it was found.</param>
/// <param name="Places">Scenarios and variants that it was found in.</param>
public sealed record LedgerEntry(
    string Id,
    BugSignature Signature,
    bool IsExpected,
    string FirstRun,
    DateTimeOffset FirstSeen,
    string LastRun,
    DateTimeOffset LastSeen,
    long Count,
    IReadOnlyList<string> Places);

/// <summary>One bug as a night sees it.</summary>
/// <param name="State">One of <see cref="LedgerStates"/>.</param>
/// <param name="Id">Of the entry.</param>
/// <param name="Signature">What makes it the same.</param>
/// <param name="IsExpected">Whether it was found where it has to be.</param>
/// <param name="Tonight">How often this night found it.</param>
/// <param name="Total">How often it was found by this and all nights before.</param>
/// <param name="FirstSeen">When it was found first.</param>
/// <param name="Places">Scenarios and variants that it was found in.</param>
public sealed record LedgerLine(
    string State,
    string Id,
    BugSignature Signature,
    bool IsExpected,
    long Tonight,
    long Total,
    DateTimeOffset FirstSeen,
    IReadOnlyList<string> Places)
{
    /// <summary>A story of it, relative to the run's folder; null where this night has none.</summary>
    public string? Story { get; init; }

    /// <summary>The command that shows it; null where this night did not find it.</summary>
    public string? Reproduce { get; init; }

    /// <summary>Where a bug of the same signature is known, expected there and not here or the other way round.
    /// </summary>
    public IReadOnlyList<string> SameAs { get; init; } = [];
}

/// <summary>Values of <see cref="LedgerLine.State"/>.</summary>
public static class LedgerStates
{
    /// <summary>No night found it before.</summary>
    public const string New = "new";

    /// <summary>The last night found it too.</summary>
    public const string Known = "known";

    /// <summary>An earlier night found it, the last one did not.</summary>
    public const string Again = "again";

    /// <summary>The last night found it, this one looked in the same places and did not.</summary>
    public const string Gone = "gone";

    /// <summary>The last night found it, and this one did not look.</summary>
    public const string NotLookedFor = "not-looked-for";
}
