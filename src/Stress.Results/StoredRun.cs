using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Stress.Results;

/// <summary>A run that is on disk, finished or not.</summary>
/// <param name="Location">Its folder.</param>
/// <param name="Summary">What it did until now.</param>
public sealed record StoredRun(string Location, RunSummary Summary)
{
    /// <summary>Reads a run.</summary>
    /// <param name="location">Its folder, or the link or file <c>latest</c> beside it.</param>
    /// <exception cref="InvalidDataException">There is none, or it cannot be read; the message is one line.</exception>
    public static StoredRun Open(string location)
    {
        string folder = Resolve(location);
        RunSummary summary = Read(folder, RunFolder.SummaryName, ResultsJson.Read);
        return summary.Schema == RunSummary.CurrentSchema
            ? new StoredRun(folder, summary)
            : throw new InvalidDataException(
                $"{folder}/{RunFolder.SummaryName} has form {summary.Schema}, and this version reads "
                + $"{RunSummary.CurrentSchema}");
    }

    /// <summary>Where a run is that was named: its folder, or its name among the runs of a folder.</summary>
    public static string Place(string parent, string name)
        => Directory.Exists(name) || File.Exists(name) || Path.IsPathRooted(name) ? name : Path.Combine(parent, name);

    /// <summary>The runs of a folder, the oldest first. What is no run, or cannot be read, is passed over.</summary>
    public static IEnumerable<StoredRun> All(string parent)
    {
        if (!Directory.Exists(parent))
        {
            yield break;
        }

        foreach (string folder in Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal))
        {
            bool isLink = new DirectoryInfo(folder).LinkTarget is not null;
            if (!isLink && File.Exists(Path.Combine(folder, RunFolder.SummaryName)) && TryOpen(folder) is { } run)
            {
                yield return run;
            }
        }
    }

    /// <summary>What a night was to run.</summary>
    /// <exception cref="InvalidDataException">The run is no night, or the file cannot be read.</exception>
    public NightSchedule Schedule()
        => IsNight ? Read(Location, NightSchedule.Name, ResultsJson.ReadSchedule)
            : throw new InvalidDataException($"{Location} is no night: it has no {NightSchedule.Name}");

    /// <summary>Whether it is a night.</summary>
    public bool IsNight => File.Exists(Path.Combine(Location, NightSchedule.Name));

    /// <summary>The order of locks that it has seen; empty for none.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public LockOrderFile LockOrder()
        => File.Exists(Path.Combine(Location, LockOrderFile.Name))
            ? Read(Location, LockOrderFile.Name, ResultsJson.ReadLockOrder) : new LockOrderFile();

    /// <summary>A finding by itself; null when its file is not there or cannot be read.</summary>
    public FindingFile? Finding(FindingSummary finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        try
        {
            return finding.File is null ? null : Read(Location, finding.File, ResultsJson.ReadFinding);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static StoredRun? TryOpen(string folder)
    {
        try
        {
            return Open(folder);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string Resolve(string location)
    {
        try
        {
            string full = Path.GetFullPath(location);
            if (Directory.Exists(location))
            {
                return new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? location;
            }

            // Where links are not allowed, the newest run is named in a file.
            return File.Exists(location)
                ? Path.Combine(Path.GetDirectoryName(full)!, File.ReadAllText(location).Trim())
                : throw new InvalidDataException($"there is no run '{location}'");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            && e is not InvalidDataException)
        {
            throw new InvalidDataException($"'{location}' cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static T Read<T>(string folder, string name, Func<string, T> parse)
    {
        string path = Path.Combine(folder, name);
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path}, line {(e.LineNumber ?? 0) + 1}: not what a run writes there; is it a copy that was cut off?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{folder}' is no run that can be read: {e.Message.TrimEnd('.')}");
        }
    }
}
