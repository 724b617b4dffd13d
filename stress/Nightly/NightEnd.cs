using System.Collections.Generic;
using System.IO;
using Stress.Reporting;
using Stress.Reporting.Pages;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>Ends a night: judges it, enters it beside the runs, and leaves it in the forms that other tools read.
/// </summary>
/// <remarks>Each step may be done again by a night that goes on after it was ended between two of them.</remarks>
internal static class NightEnd
{
    /// <summary>Does all of it, and reports.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="IOException">Something cannot be written; the message says how to go on.</exception>
    public static int Finish(Session session, NightJudge judge, Night night, NightSchedule schedule)
        => night.Guarded(() => Finish(session, judge, schedule, night.NotRun, []));

    /// <summary>Does all of it, and reports.</summary>
    /// <param name="session">Where results go.</param>
    /// <param name="judge">Who knows the nights before.</param>
    /// <param name="schedule">What was to be run.</param>
    /// <param name="notRun">Keys of what did not run.</param>
    /// <param name="missing">Shards that are not there.</param>
    /// <returns>The exit code.</returns>
    public static int Finish(
        Session session,
        NightJudge judge,
        NightSchedule schedule,
        IEnumerable<string> notRun,
        IReadOnlyList<int> missing)
    {
        RunRecorder recorder = session.Recorder;
        if (recorder.Summary.Night is null)
        {
            recorder.Judge(judge.Judge(recorder.Summary, recorder.LockOrder, schedule, notRun, missing));
        }

        RunSummary judged = recorder.Summary;
        int exitCode = NightJudge.ExitCodeOf(judged);

        // Parts of a night are entered when they were merged, and all of them are there.
        if (schedule.Shards == 1 && missing.Count == 0)
        {
            judge.Enter(judged, exitCode);
        }

        NightExports.Write(new StoredRun(session.Folder.Location, judged));
        NightlyReport.Write(session.Output, judged);
        foreach (string warning in judge.Warnings)
        {
            session.Output.Line($"warning: {warning}");
        }

        session.Finish(exitCode);
        Report(session);
        return exitCode;
    }

    /// <summary>Writes the report of a night that was ended. It tells of the run as it is stored, so that it comes out
    /// the same when it is made again.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Report(Session session)
    {
        ReportPage.Write(session.Folder.Location);
        string file = Path.Combine(session.Folder.Location, ReportPage.Name);
        session.Output.Line($"report {file}");
        return file;
    }
}
