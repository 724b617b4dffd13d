using System.IO;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Running;

/// <summary>Leaves a finding in a run's folder: its trace and its story.</summary>
internal static class FindingFiles
{
    /// <summary>Writes the files, and says what was found and where they are.</summary>
    public static FindingSummary Save(RunFolder folder, Finding finding)
    {
        string trace = folder.NewFile("traces", $"{finding.Trace.Scenario}-{finding.Trace.Variant}", ".json");
        finding.Trace.Save(Path.Combine(folder.Location, trace));
        (string story, string? page) = StoryFiles.Save(
            folder, finding, Reproduction.Replay(Path.Combine(folder.Location, trace)));
        return new FindingSummary
        {
            Kind = finding.Kind.Name(),
            Text = finding.Text,
            Task = finding.TaskName,
            Chains = finding.Inversion?.Lines,
            Schedule = finding.ScheduleIndex + 1,
            Strategy = finding.Strategy,
            Shrunk = finding.Shrunk is { } shrunk ? new ShrunkSizes(Size(shrunk.Before), Size(shrunk.After)) : null,
            Decides = finding.DecidingPair?.ToString(),
            Reproduced = finding.Reproduced,
            ReproducedOf = finding.ReproducedOf,
            Hash = finding.Trace.Hash,
            Trace = trace,
            Story = story,
            StoryPage = page,
        };
    }

    private static RunSize Size(RunMeasure measure)
        => new(measure.Tasks, measure.Preemptions, measure.Operations, measure.Switches, measure.Points);
}
