using System.IO;
using Stress.Exploration;
using Stress.Results;

namespace Stress.Running;

/// <summary>Leaves a finding's story in a run's folder: as text, and as a page for a browser.</summary>
internal static class StoryFiles
{
    /// <summary>Writes both.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="finding">What was found.</param>
    /// <param name="reproduce">The command that repeats it.</param>
    /// <returns>The files, relative to the folder; no page for a finding that was not recorded.</returns>
    public static (string Text, string? Page) Save(RunFolder folder, Finding finding, string reproduce)
    {
        string title = $"{finding.Trace.Scenario}-{finding.Trace.Variant}";
        string text = folder.NewFile("stories", title, ".txt");
        AtomicFile.WriteAllText(Path.Combine(folder.Location, text), TextOf(finding));
        if (finding.Telling is not { } story)
        {
            return (text, null);
        }

        string page = folder.NewFile("stories", title, ".html");
        AtomicFile.WriteAllText(
            Path.Combine(folder.Location, page),
            story.ToHtml(new StoryTitle(finding.Trace.Scenario, finding.Trace.Variant, reproduce)));
        return (text, page);
    }

    private static string TextOf(Finding finding)
        => finding.Inversion is { } inversion ? $"{finding.Story}\n{inversion}\n" : finding.Story;
}
