using System.Globalization;
using System.IO;
using Stress.Exploration;
using Stress.Machine;
using Stress.Results;
using Stress.Running;

namespace Stress.Reporting;

/// <summary>What is printed of a run that was made smaller.</summary>
internal static class ShrinkReport
{
    /// <summary>What <c>shrink</c> prints.</summary>
    public static void Write(Session session, RunItem item, ShrinkResult result, bool isVerbose)
    {
        Output output = session.Output;
        output.Line($"shrink {item.Scenario}, variant {item.Variant}: {item.Outcome} "
            + $"({Figures.Seconds(item.ElapsedSeconds)})");
        if (item.Finding is { } summary && result.Finding is { } finding)
        {
            WriteLines(output, finding);
            output.Line($"replayed   reproduced {summary.Reproduced}/{summary.ReproducedOf}");
            ChainLines.Write(output, summary.Chains);
            output.Line();
            output.Line((isVerbose ? finding.Telling?.ToText(isVerbose) : null)?.TrimEnd() ?? finding.Story.TrimEnd());
            output.Line();
            output.Line($"trace      {Path.Combine(session.Folder.Location, summary.Trace!)}");
            if (summary.StoryPage is { } page)
            {
                output.Line($"story      {Path.Combine(session.Folder.Location, page)}");
            }
        }

        output.Line($"Reproduce: {item.Reproduce}");
    }

    /// <summary>What a finding was made smaller from, and what decides in it; nothing for one that is as it was found.
    /// </summary>
    public static void WriteLines(Output output, Finding finding)
    {
        if (finding.Shrunk is not { } shrunk)
        {
            return;
        }

        output.Line(shrunk.After.IsSmallerThan(shrunk.Before)
            ? $"shrunk     {Text(shrunk.Before)}\n        to {Text(shrunk.After)}"
            : $"shrunk     nothing to leave out: {Text(shrunk.After)}");
        if (finding.Kind is not (FindingKind.DataRace or FindingKind.LockOrder))
        {
            output.Line($"decides    {Decides(finding, shrunk)}");
        }
    }

    private static string Decides(Finding finding, ShrinkFigures shrunk)
        => finding.DecidingPair?.ToString()
            ?? (shrunk.IsSequential ? "no order of events: the tasks fail one after the other too"
                : "no single pair of events: no swap of two makes it pass");

    private static string Text(RunMeasure measure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Figures.Count(measure.Tasks, "task")}, {Figures.Count(measure.Operations, "operation")}, "
        + $"{Figures.Count(measure.Preemptions, "preemption")}, {Switches(measure.Switches)}, "
        + $"{Figures.Count(measure.Points, "point")}");

    private static string Switches(int count) => $"{Figures.Count(count)} {(count == 1 ? "switch" : "switches")}";
}
