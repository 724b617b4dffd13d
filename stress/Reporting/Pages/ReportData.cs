using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>What a report is made from: a run, and the nights before it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Before">Earlier nights of its plan on this sort of computer, the oldest first.</param>
internal sealed record ReportData(StoredRun Run, IReadOnlyList<NightRecord> Before)
{
    private const int MostNights = 60;

    /// <summary>What it did.</summary>
    public RunSummary Summary => Run.Summary;

    /// <summary>Its items, those of the self-test left out.</summary>
    public IEnumerable<RunItem> Items => Summary.Items.Where(item => !item.IsSelfTest);

    /// <summary>What did not come out as it had to. What was interrupted says nothing either way.</summary>
    public IReadOnlyList<RunItem> Unexpected { get; } =
        [.. Run.Summary.Items.Where(item => !item.IsAsExpected && item.Verdict != Verdicts.Interrupted)];

    /// <summary>The nights before it, and itself.</summary>
    public IReadOnlyList<NightRecord> Nights
        => [.. Before, NightRecord.Of(Summary, Summary.ExitCode ?? 0)];

    /// <summary>Whether all that was planned was run.</summary>
    public bool IsWhole => Summary.State == RunStates.Finished || Summary is { State: RunStates.Failed, Night: not null };

    /// <summary>Reads a run and what is kept beside it.</summary>
    /// <param name="location">The run's folder.</param>
    /// <exception cref="InvalidDataException">There is no run that can be read; the message is one line.</exception>
    public static ReportData Read(string location)
    {
        StoredRun run = StoredRun.Open(location);
        string parent = Path.GetDirectoryName(Path.GetFullPath(run.Location)) ?? ".";
        string? plan = run.Summary.Night?.Plan;

        // Of later nights nothing is said, so that the report of a run stays the same.
        IEnumerable<NightRecord> before = plan is null ? []
            : NightHistory.Read(parent, run.Summary.Host).Here
                .Where(night => night.Plan == plan && night.Started < run.Summary.Started);
        return new ReportData(run, [.. before.TakeLast(MostNights)]);
    }

    /// <summary>The subsystem of an item: the first part of its scenario's name.</summary>
    public static string SubsystemOf(RunItem item) => item.Scenario.Split('/')[0];

    /// <summary>The text of a story; null where there is none, or it cannot be read.</summary>
    public string? StoryOf(FindingSummary finding)
    {
        string? file = finding.Story;
        try
        {
            return file is null || !IsInside(file) ? null : File.ReadAllText(Path.Combine(Run.Location, file)).TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A summary that came from elsewhere must not make the report show other files.
    private static bool IsInside(string file)
        => !Path.IsPathRooted(file) && !file.Split('/', '\\').Contains("..");
}
