using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Serialization;

namespace Stress.Results;

/// <summary>One variant of one scenario on one machine, and what came of it.</summary>
public sealed record RunItem
{
    /// <summary>Its place in the plan of a night, such as <c>explore/hugetlb/region-add@v7</c>; null elsewhere.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Whether finding what is wrong here shows that the night can find anything at all.</summary>
    public bool IsSelfTest { get; init; }

    /// <summary><c>explore</c>, <c>hammer</c>, <c>replay</c>, <c>shrink</c>, <c>corpus</c>, <c>simulate</c>,
    /// <c>bench</c> or <c>calibrate</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>Who scheduled: <c>builtin</c> or <c>coyote</c>; null on other machines.</summary>
    public string? Engine { get; init; }

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Its version.</summary>
    public required int ScenarioVersion { get; init; }

    /// <summary>Name of the variant.</summary>
    public required string Variant { get; init; }

    /// <summary>What exploring the variant must come to.</summary>
    public required string Expected { get; init; }

    /// <summary>One of <see cref="Verdicts"/>.</summary>
    public required string Verdict { get; init; }

    /// <summary>What was covered and what was found, in one line.</summary>
    public required string Outcome { get; init; }

    /// <summary>Whether the verdict is the expected one.</summary>
    public required bool IsAsExpected { get; init; }

    /// <summary>Whether what was found is what has to be found here, even if it did not replay.</summary>
    public bool IsFindingExpected { get; init; }

    /// <summary>The seed of this item.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>What was explored; null on other machines.</summary>
    public Coverage? Explored { get; init; }

    /// <summary>What the explored runs came to; null where a scenario observes nothing.</summary>
    public IReadOnlyList<OutcomeFigures>? Outcomes { get; init; }

    /// <summary>What was hammered; null on other machines.</summary>
    public HammerFigures? Hammered { get; init; }

    /// <summary>What was simulated; null on other machines.</summary>
    public SimulationFigures? Simulated { get; init; }

    /// <summary>Figures that the seed alone decides, by name, such as the events of a simulation; null for none.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>How a recorded execution came out again; null when none was replayed.</summary>
    public ReplayFigures? Replayed { get; init; }

    /// <summary>What it takes to find a known bug; null outside of the corpus.</summary>
    public KillFigures? Killed { get; init; }

    /// <summary>What was timed; null when nothing was.</summary>
    public TimedFigures? Timed { get; init; }

    /// <summary>All that a night has timed in one go; null when it has timed nothing.</summary>
    public IReadOnlyList<SeriesFigures>? Series { get; init; }

    /// <summary>What was measured of the host; null when nothing was.</summary>
    public IReadOnlyList<MeasuredField>? Host { get; init; }

    /// <summary>How much of the order of locks was seen; null when nothing was.</summary>
    public LockOrderFigures? LockOrder { get; init; }

    /// <summary>What was found; null for nothing.</summary>
    public FindingSummary? Finding { get; init; }

    /// <summary>How what real threads found shows in the explored program; null when that was not looked for.</summary>
    public StoryFigures? Story { get; init; }

    /// <summary>The command that does this item again.</summary>
    public required string Reproduce { get; init; }

    /// <summary>Whether it ran to its end; one that did not may have found something all the same.</summary>
    [JsonIgnore]
    public bool HasEnded => Verdict != Verdicts.Interrupted;

    /// <summary>What was found, or what was found when it was looked for among schedules.</summary>
    [JsonIgnore]
    public IEnumerable<FindingSummary> Findings
        => new[] { Finding, Story?.Finding }.OfType<FindingSummary>();

    /// <summary>The files that it tells of, relative to the run's folder.</summary>
    [JsonIgnore]
    public IEnumerable<string> Files => Findings.SelectMany(
        finding => new[] { finding.File, finding.Trace, finding.Story, finding.StoryPage }).OfType<string>().Distinct();
}

/// <summary>Values of <see cref="RunItem.Verdict"/>.</summary>
public static class Verdicts
{
    /// <summary>A finding.</summary>
    public const string Violation = "violation";

    /// <summary>Nothing was found in what was covered: no proof.</summary>
    public const string NoFinding = "no-finding";

    /// <summary>A replay came out as recorded, every time.</summary>
    public const string Reproduced = "reproduced";

    /// <summary>A replay did not come out as recorded.</summary>
    public const string Diverged = "diverged";

    /// <summary>Times, with nothing to compare them with or no slower than it.</summary>
    public const string Timed = "timed";

    /// <summary>Slower than the baseline, by more than the noise.</summary>
    public const string Regression = "regression";

    /// <summary>Ended early by a signal: without a finding, or before a known bug was found as often as asked.
    /// </summary>
    public const string Interrupted = "interrupted";

    /// <summary>The harness failed.</summary>
    public const string Error = "error";
}

/// <summary>How much was explored, and how.</summary>
/// <param name="Strategy">Name of the strategy.</param>
/// <param name="Locks">How locks were taken: <c>default</c>, <c>atomic</c> or <c>real</c>.</param>
/// <param name="Schedules">Schedules that were drawn.</param>
/// <param name="Executions">Schedules that were run: not again the ones that were run before.</param>
/// <param name="Distinct">How many of them were different from each other.</param>
/// <param name="DistinctIsExact">Whether <paramref name="Distinct"/> is a count; an estimate otherwise.</param>
/// <param name="Planned">Executions that were to be run; null when the limit was a duration.</param>
public sealed record Coverage(
    string Strategy, string Locks, long Schedules, long Executions, long Distinct,
    bool DistinctIsExact, long? Planned);

/// <summary>How often runs came to an outcome.</summary>
/// <param name="Outcome">The registers and their values.</param>
/// <param name="Count">Runs that came to it; 0 for one that the scenario lists and no run came to.</param>
/// <param name="Share">Part of all runs that came to their end, from 0 to 1.</param>
/// <param name="Grade"><c>allowed</c>, <c>interesting</c> or <c>forbidden</c>.</param>
/// <param name="Meaning">Why.</param>
public sealed record OutcomeFigures(string Outcome, long Count, double Share, string Grade, string Meaning);

/// <summary>How often a trace was replayed.</summary>
/// <param name="Times">Replays.</param>
/// <param name="Matched">Replays that came out as recorded.</param>
/// <param name="Divergence">How the first other one differed; null when none did.</param>
public sealed record ReplayFigures(int Times, int Matched, string? Divergence);

/// <summary>How much there is to an execution.</summary>
/// <param name="Tasks">Tasks that started.</param>
/// <param name="Preemptions">Switches away from a task that could have gone on.</param>
/// <param name="Operations">Outermost operations that began.</param>
/// <param name="Switches">Accesses that follow one of another task.</param>
/// <param name="Points">Scheduling points.</param>
public sealed record RunSize(int Tasks, int Preemptions, int Operations, int Switches, int Points);

/// <summary>An execution before and after it was made smaller.</summary>
/// <param name="Before">As it was found.</param>
/// <param name="After">As it is reported.</param>
public sealed record ShrunkSizes(RunSize Before, RunSize After);

/// <summary>A finding, and where its files are.</summary>
public sealed record FindingSummary
{
    /// <summary>Name of its kind, such as <c>use-after-free</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The condition, as the model words it.</summary>
    public required string Text { get; init; }

    /// <summary>Name of the task that met it.</summary>
    public required string Task { get; init; }

    /// <summary>For a circle of locks: who takes which of them while it holds which, a chain for each, in lines of at
    /// most 120 characters. Null for all other findings.</summary>
    public IReadOnlyList<string>? Chains { get; init; }

    /// <summary>The first schedule that failed, from 1; null when it was not explored.</summary>
    public long? Schedule { get; init; }

    /// <summary>The strategy that made that schedule.</summary>
    public string? Strategy { get; init; }

    /// <summary>What the execution was made smaller from; null for one that is as it was found.</summary>
    public ShrunkSizes? Shrunk { get; init; }

    /// <summary>The two events whose order makes the execution fail; null when that is not known, or no two do.</summary>
    public string? Decides { get; init; }

    /// <summary>Replays that came to the same finding before it was reported.</summary>
    public int Reproduced { get; init; }

    /// <summary>Replays before it was reported.</summary>
    public int ReproducedOf { get; init; }

    /// <summary>Hash of the recorded execution.</summary>
    public string? Hash { get; init; }

    /// <summary>What makes another finding the same bug; null in runs of older versions.</summary>
    public BugSignature? Signature { get; init; }

    /// <summary>The finding by itself, relative to the run's folder.</summary>
    public string? File { get; init; }

    /// <summary>The trace, relative to the run's folder.</summary>
    public string? Trace { get; init; }

    /// <summary>The story, relative to the run's folder.</summary>
    public string? Story { get; init; }

    /// <summary>The story as a page for a browser, relative to the run's folder.</summary>
    public string? StoryPage { get; init; }
}
