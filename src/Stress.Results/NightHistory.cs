using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Stress.Results;

/// <summary>What earlier nights came to: files of JSON lines beside the runs, one for each sort of computer, which are
/// only ever appended to.</summary>
public sealed class NightHistory
{
    /// <summary>Name of the folder beside the runs.</summary>
    public const string FolderName = "history";

    private const string Extension = ".jsonl";

    private NightHistory(
        IReadOnlyList<NightRecord> nights, IReadOnlyList<NightRecord> here, IReadOnlyList<string> wrong)
    {
        Nights = nights;
        Here = here;
        Wrong = wrong;
    }

    /// <summary>The nights of all computers, by when they began.</summary>
    public IReadOnlyList<NightRecord> Nights { get; }

    /// <summary>The nights of this sort of computer, by when they began.</summary>
    public IReadOnlyList<NightRecord> Here { get; }

    /// <summary>Where a line cannot be read, and why; such lines are left where they are.</summary>
    public IReadOnlyList<string> Wrong { get; }

    /// <summary>Reads what there is.</summary>
    /// <param name="parent">Where runs go.</param>
    /// <param name="host">The computer that counts as this one.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static NightHistory Read(string parent, HostDescription host)
    {
        string folder = Path.Combine(parent, FolderName);
        var nights = new List<NightRecord>();
        var here = new List<NightRecord>();
        var wrong = new List<string>();
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            List<NightRecord> read = ReadFile(file, wrong);
            nights.AddRange(read);
            if (file == FileOf(parent, host))
            {
                here.AddRange(read);
            }
        }

        return new NightHistory(Sorted(nights), Sorted(here), wrong);
    }

    /// <summary>Appends a night, unless it is there.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Append(string parent, HostDescription host, NightRecord night)
    {
        ArgumentNullException.ThrowIfNull(night);
        if (Read(parent, host).Nights.Any(known => known.Run == night.Run))
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(parent, FolderName));
        string file = FileOf(parent, host);

        // A line that was cut off must not take the next one with it.
        string begin = File.Exists(file) && !EndsWithNewLine(file) ? "\n" : "";
        byte[] line = Encoding.UTF8.GetBytes($"{begin}{ResultsJson.WriteLine(night)}\n");
        SizeLimit.Heed(file, () =>
        {
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(line);
        });
    }

    private static IReadOnlyList<NightRecord> Sorted(List<NightRecord> nights)
        => [.. nights.OrderBy(night => night.Started).ThenBy(night => night.Run, StringComparer.Ordinal)];

    private static List<NightRecord> ReadFile(string file, List<string> wrong)
    {
        var nights = new List<NightRecord>();
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            try
            {
                NightRecord night = ResultsJson.ReadNight(line);
                if (night.Schema == NightRecord.CurrentSchema)
                {
                    nights.Add(night);
                }
                else
                {
                    wrong.Add($"{file}, line {number}: has form {night.Schema}, which this version does not read");
                }
            }
            catch (JsonException)
            {
                wrong.Add($"{file}, line {number}: no night can be read there; it is passed over");
            }
        }

        return nights;
    }

    private static bool EndsWithNewLine(string file)
    {
        using FileStream stream = File.OpenRead(file);
        if (stream.Length == 0)
        {
            return true;
        }

        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private static string FileOf(string parent, HostDescription host)
        => Path.Combine(parent, FolderName, host.Sort + Extension);
}
