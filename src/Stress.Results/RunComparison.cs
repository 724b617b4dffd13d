using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Stress.Results;

/// <summary>How one run differs from an earlier one.</summary>
public sealed record RunComparison
{
    /// <summary>Name of the earlier run.</summary>
    public required string Before { get; init; }

    /// <summary>Name of the later run.</summary>
    public required string After { get; init; }

    /// <summary>Why some figures are not compared, each in one line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many items both have.</summary>
    public required int Common { get; init; }

    /// <summary>Keys of items that only the earlier run has.</summary>
    public IReadOnlyList<string> OnlyBefore { get; init; } = [];

    /// <summary>Keys of items that only the later run has.</summary>
    public IReadOnlyList<string> OnlyAfter { get; init; } = [];

    /// <summary>Verdicts that are not the same.</summary>
    public IReadOnlyList<VerdictChange> Verdicts { get; init; } = [];

    /// <summary>Counts that are not the same.</summary>
    public IReadOnlyList<CountChange> Counts { get; init; } = [];

    /// <summary>Operations by second, of all items that both have hammered.</summary>
    public IReadOnlyList<RateChange> Rates { get; init; } = [];

    /// <summary>Benchmarks of the later run against those of the earlier one, where both have timed any.</summary>
    public IReadOnlyList<SeriesComparison> Times { get; init; } = [];

    /// <summary>Bugs that only the later run has, in words.</summary>
    public IReadOnlyList<string> NewBugs { get; init; } = [];

    /// <summary>Bugs that only the earlier run has, in words.</summary>
    public IReadOnlyList<string> GoneBugs { get; init; } = [];

    /// <summary>What only one of both has shown of the order of locks.</summary>
    public IReadOnlyList<string> LockOrder { get; init; } = [];

    /// <summary>Whether something got worse: a verdict that was as expected is not, a count that has to be the same is
    /// not, a rate left the band of earlier nights downwards, or a benchmark is slower by more than the noise.</summary>
    public bool IsRegression
        => Verdicts.Any(change => change.IsWorse) || Counts.Count > 0
            || Rates.Any(change => change.IsWorse) || Times.Any(time => time.Verdict == SeriesVerdict.Regression);

    /// <summary>Compares two runs.</summary>
    /// <param name="before">The earlier one.</param>
    /// <param name="after">The later one.</param>
    /// <param name="past">Nights on the computer of the later one, for the bands of what chance does.</param>
    /// <exception cref="System.IO.InvalidDataException">A file of theirs cannot be read.</exception>
    public static RunComparison Of(StoredRun before, StoredRun after, IReadOnlyList<NightRecord> past)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(past);
        Dictionary<string, ItemRecord> old = Records(before.Summary);
        Dictionary<string, ItemRecord> now = Records(after.Summary);
        List<string> common = [.. now.Keys.Where(old.ContainsKey)];
        bool isSameSeed = before.Summary.Seed == after.Summary.Seed;
        bool isSameHost = before.Summary.Host.Sort == after.Summary.Host.Sort;
        HashSet<string> pair = [before.Summary.Run ?? "", after.Summary.Run ?? ""];
        IReadOnlyDictionary<string, RateBand> bands = RateBand.Of([.. past.Where(night => !pair.Contains(night.Run))]);
        (IReadOnlyList<SeriesComparison> times, string? refused) = TimesOf(before, after);
        IReadOnlyList<Sighting> oldBugs = Sighting.Of(before.Summary);
        IReadOnlyList<Sighting> newBugs = Sighting.Of(after.Summary);
        return new RunComparison
        {
            Before = before.Summary.Run ?? before.Location,
            After = after.Summary.Run ?? after.Location,
            Common = common.Count,
            Notes = [.. Note(isSameSeed, isSameHost), .. refused is null ? [] : new[] { refused }],
            Times = times,
            OnlyBefore = [.. old.Keys.Where(key => !now.ContainsKey(key))],
            OnlyAfter = [.. now.Keys.Where(key => !old.ContainsKey(key))],
            Verdicts =
            [
                .. common.Where(key => old[key].Verdict != now[key].Verdict
                        || old[key].IsAsExpected != now[key].IsAsExpected)
                    .Select(key => new VerdictChange(
                        key, old[key].Verdict, now[key].Verdict, old[key].IsAsExpected && !now[key].IsAsExpected)),
            ],
            Counts = [.. common.SelectMany(key => CountChange.Between(old[key], now[key], isSameSeed))],
            Rates = isSameHost
                ? [.. common.SelectMany(
                    key => RateChange.Between(old[key], now[key], bands.GetValueOrDefault(key)))]
                : [],
            NewBugs = Only(newBugs, oldBugs),
            GoneBugs = Only(oldBugs, newBugs),
            LockOrder =
            [
                .. LockOrderDiff.Between(before.LockOrder(), after.LockOrder()).Select(
                    change => $"{(change.IsNew ? "new" : "gone")} {change.Scenario}@{change.Variant}: {change.Fact}"),
            ],
        };
    }

    private static (IReadOnlyList<SeriesComparison> Times, string? Refused) TimesOf(StoredRun before, StoredRun after)
    {
        if (!HasTimes(before) || !HasTimes(after))
        {
            return ([], null);
        }

        try
        {
            return (BenchmarkComparison.Of(BenchmarkFile.Load(after.Location), BenchmarkFile.Load(before.Location)), null);
        }
        catch (BenchmarkFileException e)
        {
            return ([], $"benchmarks are not compared: {e.Message}");
        }
    }

    private static bool HasTimes(StoredRun run) => File.Exists(Path.Combine(run.Location, BenchmarkFile.Name));

    private static Dictionary<string, ItemRecord> Records(RunSummary run)
        => run.Items.Select(ItemRecord.Of).DistinctBy(item => item.Key).ToDictionary(item => item.Key);

    private static List<string> Only(IReadOnlyList<Sighting> these, IReadOnlyList<Sighting> those)
        =>
        [
            .. these.ExceptBy(those.Select(bug => bug.Id), bug => bug.Id)
                .Select(bug => $"{bug.Id} {string.Join(", ", bug.Places)}: {bug.Signature}"),
        ];

    private static List<string> Note(bool isSameSeed, bool isSameHost)
    {
        var notes = new List<string>();
        if (!isSameSeed)
        {
            notes.Add("the seeds differ: how many schedules a search took to find something is not compared");
        }

        if (!isSameHost)
        {
            notes.Add("the computers differ: times are not compared");
        }

        return notes;
    }
}

/// <summary>A verdict that is not the same.</summary>
/// <param name="Key">The item.</param>
/// <param name="Before">The earlier verdict.</param>
/// <param name="After">The later one.</param>
/// <param name="IsWorse">Whether the earlier one was expected and the later one is not.</param>
public sealed record VerdictChange(string Key, string Before, string After, bool IsWorse);

/// <summary>A count that is not the same: only another model, explorer or simulator explains it.</summary>
/// <param name="Key">The item.</param>
/// <param name="Name">What is counted.</param>
/// <param name="Before">The earlier count.</param>
/// <param name="After">The later one.</param>
public sealed record CountChange(string Key, string Name, long Before, long After)
{
    // What a search takes depends on its seed; how many executions there are in all does not.
    private const string All = "executions of all";

    /// <summary>The counts of a night that are not those of an earlier one.</summary>
    public static IReadOnlyList<CountChange> Between(NightRecord before, NightRecord after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var old = before.Items.DistinctBy(item => item.Key).ToDictionary(item => item.Key);
        return [.. after.Items.Where(item => old.ContainsKey(item.Key))
            .SelectMany(item => Between(old[item.Key], item, isSameSeed: false))];
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Key}: {Name} {Before:N0} before, {After:N0} now");

    internal static IEnumerable<CountChange> Between(ItemRecord before, ItemRecord after, bool isSameSeed)
        => after.Counts.Where(count => (isSameSeed || (before.Seed is { } seed && seed == after.Seed) || count.Key == All)
                && before.Counts.TryGetValue(count.Key, out long old) && old != count.Value)
            .Select(count => new CountChange(after.Key, count.Key, before.Counts[count.Key], count.Value));
}

/// <summary>A rate in two runs, and what is known of how it varies.</summary>
/// <param name="Key">The item.</param>
/// <param name="Name">What is measured.</param>
/// <param name="Before">The earlier figure.</param>
/// <param name="After">The later one.</param>
/// <param name="Band">Between what it lay in earlier nights; null where these are too few to say.</param>
public sealed record RateChange(string Key, string Name, double Before, double After, RateBand? Band)
{
    /// <summary>Whether it is lower than in any of the earlier nights.</summary>
    public bool IsWorse => Band is not null && After < Band.Low && After < Before;

    /// <summary>Whether it is higher than in any of the earlier nights.</summary>
    public bool IsBetter => Band is not null && After > Band.High && After > Before;

    internal static IEnumerable<RateChange> Between(ItemRecord before, ItemRecord after, RateBand? band)
        => after.Rates.Where(rate => rate.Key == RateBand.Rate && before.Rates.ContainsKey(rate.Key))
            .Select(rate => new RateChange(after.Key, rate.Key, before.Rates[rate.Key], rate.Value, band));
}
