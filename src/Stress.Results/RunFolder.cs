using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;

namespace Stress.Results;

/// <summary>The folder of one run: <c>summary.json</c>, <c>lock-order.json</c>, <c>findings/</c>, <c>traces/</c> and
/// <c>stories/</c>.</summary>
public sealed class RunFolder
{
    /// <summary>Name of the summary in a run's folder.</summary>
    public const string SummaryName = "summary.json";

    private const string LatestName = "latest";
    private const string LockName = ".lock";
    private const string Unfinished = ".tmp";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private RunFolder(string parent, string name)
    {
        Name = name;
        Location = Path.Combine(parent, name);
    }

    /// <summary>The run's name: when it began (UTC), and a few random digits.</summary>
    public string Name { get; }

    /// <summary>Where the folder is.</summary>
    public string Location { get; }

    /// <summary>Makes a folder that was not there before, and points <c>latest</c> beside it to it.</summary>
    /// <param name="parent">Where runs go; made when it is not there.</param>
    /// <param name="started">When the run began.</param>
    /// <param name="fill">Files that it has from the moment that it is there, by name; null for none.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static RunFolder Create(
        string parent, DateTimeOffset started, Func<RunFolder, IReadOnlyDictionary<string, string>>? fill = null)
    {
        Directory.CreateDirectory(parent);
        string stamp = StampOf(started);
        while (true)
        {
            var folder = new RunFolder(parent, $"{stamp}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
            if (!folder.TryClaim(fill?.Invoke(folder)))
            {
                continue;
            }

            folder.PointLatest(parent);
            return folder;
        }
    }

    /// <summary>What the names of runs begin with that began at a time.</summary>
    public static string StampOf(DateTimeOffset started)
        => started.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);

    /// <summary>Makes a folder of a given name, unless it is there.</summary>
    /// <param name="parent">Where runs go; made when it is not there.</param>
    /// <param name="name">Its name.</param>
    /// <param name="files">Files that it has from the moment that it is there, by name.</param>
    /// <returns>Null when there is one.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static RunFolder? CreateNamed(string parent, string name, IReadOnlyDictionary<string, string> files)
    {
        Directory.CreateDirectory(parent);
        var folder = new RunFolder(parent, name);
        if (!folder.TryClaim(files))
        {
            return null;
        }

        folder.PointLatest(parent);
        return folder;
    }

    /// <summary>A folder that is there, to go on in it. Files that were being written when its process ended are
    /// removed.</summary>
    /// <param name="location">Where it is.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunFolder Open(string location)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(location));
        var folder = new RunFolder(
            Path.GetDirectoryName(location) ?? Path.GetDirectoryName(full)!, Path.GetFileName(full));
        foreach (string file in Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories))
        {
            if (file.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                File.Delete(file);
            }
        }

        return folder;
    }

    /// <summary>Lets <see cref="NewFile"/> use again the names of files that no item tells of: what was written of an
    /// item that never ended.</summary>
    /// <param name="told">The files that are told of, relative to <see cref="Location"/>.</param>
    public void Keep(IEnumerable<string> told)
    {
        _taken.Clear();
        _taken.UnionWith(told);
    }

    /// <summary>Keeps other processes from writing here until the result is disposed of, or the process ends.</summary>
    /// <returns>Null when another process does.</returns>
    public FileStream? TryLock()
    {
        try
        {
            return new FileStream(
                Path.Combine(Location, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(Location, LockName)))
        {
            return null;
        }
    }

    /// <summary>Writes the summary, as a whole.</summary>
    public void Write(RunSummary summary)
        => AtomicFile.WriteAllText(Path.Combine(Location, SummaryName), ResultsJson.Write(summary));

    /// <summary>Writes the order of locks, as a whole.</summary>
    public void Write(LockOrderFile file)
        => AtomicFile.WriteAllText(Path.Combine(Location, LockOrderFile.Name), ResultsJson.Write(file));

    /// <summary>A file name in a sub-folder that nobody else in this run has: <c>traces/hugetlb-region-add-v7.json</c>.
    /// </summary>
    /// <param name="sub">The sub-folder; made when it is not there.</param>
    /// <param name="title">What the file is about; slashes become hyphens.</param>
    /// <param name="extension">With its dot.</param>
    /// <returns>The path relative to <see cref="Location"/>, with <c>/</c>.</returns>
    public string NewFile(string sub, string title, string extension)
    {
        Directory.CreateDirectory(Path.Combine(Location, sub));
        string stem = $"{sub}/{title.Replace('/', '-')}";
        string name = stem + extension;
        for (int i = 2; !_taken.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}{extension}");
        }

        return name;
    }

    // Only a move tells two processes apart that choose the same name at the same time.
    private bool TryClaim(IReadOnlyDictionary<string, string>? files)
    {
        if (Directory.Exists(Location))
        {
            return false;
        }

        DirectoryInfo temporary = Directory.CreateDirectory(Location + Unfinished);
        try
        {
            foreach ((string name, string text) in files ?? new Dictionary<string, string>())
            {
                string file = Path.Combine(temporary.FullName, name);
                SizeLimit.Heed(file, () => File.WriteAllText(file, text));
            }

            temporary.MoveTo(Location);
            return true;
        }
        catch (IOException) when (Directory.Exists(Location))
        {
            temporary.Delete(recursive: true);
            return false;
        }
        catch (IOException)
        {
            temporary.Delete(recursive: true);
            throw;
        }
    }

    // A convenience, so never a reason to fail: where links are not allowed it is a text file with the name.
    private void PointLatest(string parent)
    {
        string latest = Path.Combine(parent, LatestName);
        string temporary = $"{latest}.{Name}";
        try
        {
            File.Delete(latest);
            File.CreateSymbolicLink(latest, Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryWriteLatest(latest, temporary);
        }
    }

    private void TryWriteLatest(string latest, string temporary)
    {
        try
        {
            File.WriteAllText(temporary, Name + "\n");
            File.Move(temporary, latest, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }
}
