using System;
using System.IO;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Running;

/// <summary>Takes items from one run's folder to another's, with their files and the commands that name them.</summary>
internal sealed class ItemMover(StoredRun from, RunFolder to)
{
    /// <summary>Copies the files of an item.</summary>
    /// <returns>The item, with the new places.</returns>
    /// <exception cref="InvalidDataException">A file is not there.</exception>
    public RunItem Move(RunItem item)
    {
        // The order in which a run names its files: those of real threads come first.
        string title = $"{item.Scenario}-{item.Variant}";
        bool isOnThreads = item.Hammered is not null;
        FindingSummary? finding = item.Finding is null ? null
            : Move(item, item.Finding, isOnThreads ? $"{title}-hammer" : title, isOnThreads);
        FindingSummary? told = item.Story?.Finding is { } same ? Move(item, same, title, isOnThreads: false) : null;
        if (isOnThreads && finding?.Trace is not null && told is not null)
        {
            finding = finding with { Trace = told.Trace };
            Write(item, finding);
        }

        return item with
        {
            Finding = finding,
            Story = item.Story is null ? null : item.Story with { Finding = told },
            Reproduce = finding?.Trace is { } trace ? Replay(trace) : item.Reproduce,
        };
    }

    private FindingSummary Move(RunItem item, FindingSummary finding, string title, bool isOnThreads)
    {
        string? trace = isOnThreads ? finding.Trace : Copy(finding.Trace, "traces", title);
        FindingSummary moved = finding with
        {
            Trace = trace,
            Story = Copy(finding.Story, "stories", title),
            StoryPage = CopyPage(finding, trace, title),
            File = finding.File is null ? null : to.NewFile(FindingFile.FolderName, title, ".json"),
        };
        if (moved.File is not null && !isOnThreads)
        {
            Write(item, moved, from.Finding(finding));
        }
        else if (moved.File is not null)
        {
            Write(item, moved);
        }

        return moved;
    }

    private void Write(RunItem item, FindingSummary finding, FindingFile? known = null)
        => FindingFiles.Write(to, new FindingFile
        {
            Scenario = item.Scenario,
            Variant = item.Variant,
            Finding = finding,
            Flow = known?.Flow ?? [],
            Closing = known?.Closing,
            Reproduce = finding.Trace is { } trace ? Replay(trace) : null,
        });

    private string Replay(string trace) => Reproduction.Replay(Path.Combine(to.Location, trace));

    private string? Copy(string? file, string sub, string title)
    {
        if (file is null)
        {
            return null;
        }

        string copy = to.NewFile(sub, title, Path.GetExtension(file));
        Read(file, path => File.Copy(path, Path.Combine(to.Location, copy), overwrite: true));
        return copy;
    }

    // A page shows the command that replays it.
    private string? CopyPage(FindingSummary finding, string? trace, string title)
    {
        if (finding.StoryPage is null)
        {
            return null;
        }

        string copy = to.NewFile("stories", title, Path.GetExtension(finding.StoryPage));
        string? before = from.Finding(finding)?.Reproduce;
        Read(finding.StoryPage, path =>
        {
            string page = File.ReadAllText(path);
            AtomicFile.WriteAllText(
                Path.Combine(to.Location, copy),
                before is null || trace is null ? page : page.Replace(before, Replay(trace), StringComparison.Ordinal));
        });
        return copy;
    }

    private void Read(string file, Action<string> read)
    {
        string path = Path.Combine(from.Location, file);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is not there; copy the whole folder of the run");
        }

        read(path);
    }
}
