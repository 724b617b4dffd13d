using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;

namespace Stress.Results;

/// <summary>The folder of one run: <c>summary.json</c>, <c>lock-order.json</c>, <c>traces/</c> and <c>stories/</c>.
/// </summary>
public sealed class RunFolder
{
    private const string LatestName = "latest";

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
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static RunFolder Create(string parent, DateTimeOffset started)
    {
        Directory.CreateDirectory(parent);
        string stamp = started.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        while (true)
        {
            var folder = new RunFolder(parent, $"{stamp}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
            if (!folder.TryClaim())
            {
                continue;
            }

            folder.PointLatest(parent);
            return folder;
        }
    }

    /// <summary>Writes the summary, as a whole.</summary>
    public void Write(RunSummary summary)
        => AtomicFile.WriteAllText(Path.Combine(Location, "summary.json"), ResultsJson.Write(summary));

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
    private bool TryClaim()
    {
        DirectoryInfo temporary = Directory.CreateDirectory(Location + ".tmp");
        try
        {
            temporary.MoveTo(Location);
            return true;
        }
        catch (IOException) when (Directory.Exists(Location))
        {
            temporary.Delete();
            return false;
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
