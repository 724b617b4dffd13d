using System.IO;
using System.Linq;
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
        string title = $"{finding.Trace.Scenario}-{finding.Trace.Variant}";
        string trace = folder.NewFile("traces", title, ".json");
        AtomicFile.WriteAllText(Path.Combine(folder.Location, trace), finding.Trace.ToJson());
        string reproduce = Reproduction.Replay(Path.Combine(folder.Location, trace));
        (string story, string? page) = StoryFiles.Save(folder, finding, reproduce);
        FindingLandmarks landmarks = FindingLandmarks.Of(finding);
        var summary = new FindingSummary
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
            Signature = new BugSignature(
                finding.Kind.Name(), landmarks.Text, landmarks.Locks, landmarks.Operations),
            File = folder.NewFile(FindingFile.FolderName, title, ".json"),
            Trace = trace,
            Story = story,
            StoryPage = page,
        };
        Write(folder, new FindingFile
        {
            Scenario = finding.Trace.Scenario,
            Variant = finding.Trace.Variant,
            Finding = summary,
            Flow = [.. (finding.Telling?.Steps ?? []).Select(
                step => new FlowStep(step.Task, step.Event, step.Depth, step.Text, step.IsMarked))],
            Closing = finding.Telling?.Closing,
            Reproduce = reproduce,
        });
        return summary;
    }

    /// <summary>Writes a finding by itself, to the file that it names.</summary>
    public static void Write(RunFolder folder, FindingFile file)
        => AtomicFile.WriteAllText(Path.Combine(folder.Location, file.Finding.File!), ResultsJson.Write(file));

    private static RunSize Size(RunMeasure measure)
        => new(measure.Tasks, measure.Preemptions, measure.Operations, measure.Switches, measure.Points);
}
