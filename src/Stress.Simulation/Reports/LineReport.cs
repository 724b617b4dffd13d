using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>A line that was fought for, or the same line of all objects of a kind.</summary>
/// <param name="Name">The object that it belongs to.</param>
/// <param name="Offset">Where in the object the line begins, in bytes; may be negative.</param>
/// <param name="Lines">How many lines it stands for.</param>
/// <param name="Words">Its words, the worst first.</param>
public sealed record LineReport(string Name, int Offset, int Lines, IReadOnlyList<WordReport> Words)
{
    /// <summary>Loads served by a core of the same socket that had modified the line.</summary>
    public long HitmLocal => Words.Sum(word => word.HitmLocal);

    /// <summary>Loads served by a core of another socket that had modified the line.</summary>
    public long HitmRemote => Words.Sum(word => word.HitmRemote);

    /// <summary>Stores and atomic instructions that found the line.</summary>
    public long StoreHits => Words.Sum(word => word.StoreHits);

    /// <summary>Stores and atomic instructions that had to get it.</summary>
    public long StoreMisses => Words.Sum(word => word.StoreMisses);

    /// <summary>Time that was waited for it, in picoseconds.</summary>
    public long Lost => Words.Sum(word => word.Lost);

    internal static IReadOnlyList<LineReport> Of(SimulatedMachine machine)
    {
        // Lines by the object that they lie in: what happens to one CPU's copy of a per-CPU struct counts with the
        // others.
        var lines = new Dictionary<(string Name, int Offset), (HashSet<int> Groups, List<WordReport> Words)>();
        foreach (ref readonly WordCount count in machine.Statistics.Words)
        {
            if (count.Loads + count.StoreMisses == 0)
            {
                continue;
            }

            nint at = machine.Arena.Base + ((nint)count.Word << 3);
            MemoryPlace place = machine.Arena.PlaceOf(at);
            int offset = place.Offset - (int)((at - machine.Arena.Base) & 63);
            (string Name, int) key = (place.Name, offset);
            if (!lines.TryGetValue(key, out (HashSet<int> Groups, List<WordReport> Words) line))
            {
                line = ([], []);
                lines.Add(key, line);
            }

            line.Groups.Add(machine.CountedLines.Of(count.Word >> 3));
            line.Words.Add(new WordReport(
                place.Offset,
                place.Type is null
                    ? $"+0x{place.Offset:x}" : HandleFields.SuffixAt(place.Type, place.Offset).TrimStart('.'),
                machine.OperationName(count.Operation),
                count.Loads, count.HitmLocal, count.HitmRemote, count.StoreHits, count.StoreMisses,
                count.Lost, count.LoadLost));
        }

        return
        [
            .. lines.Select(line => new LineReport(
                    line.Key.Name, line.Key.Offset, line.Value.Groups.Sum(machine.CountedLines.MembersOf),
                    [.. line.Value.Words.GroupBy(word => (word.Offset, word.Field, word.Operation)).Select(Sum)
                        .OrderByDescending(word => word.Lost).ThenBy(word => word.Offset)
                        .ThenBy(word => word.Operation, System.StringComparer.Ordinal)]))
                .OrderByDescending(line => line.Lost).ThenBy(line => line.Name, System.StringComparer.Ordinal)
                .ThenBy(line => line.Offset),
        ];
    }

    private static WordReport Sum(IEnumerable<WordReport> words)
        => words.Aggregate((one, other) => one with
        {
            Loads = one.Loads + other.Loads,
            HitmLocal = one.HitmLocal + other.HitmLocal,
            HitmRemote = one.HitmRemote + other.HitmRemote,
            StoreHits = one.StoreHits + other.StoreHits,
            StoreMisses = one.StoreMisses + other.StoreMisses,
            Lost = one.Lost + other.Lost,
            LoadLost = one.LoadLost + other.LoadLost,
        });
}

/// <summary>A word of such a line, as one operation of the model used it.</summary>
/// <param name="Offset">Where in the object it is, in bytes.</param>
/// <param name="Field">The field there.</param>
/// <param name="Operation">The operation; empty outside of all.</param>
/// <param name="Loads">Loads that missed the core's caches.</param>
/// <param name="HitmLocal">Of them, served by a core of the same socket that had modified the line.</param>
/// <param name="HitmRemote">Of them, served by a core of another socket that had modified the line.</param>
/// <param name="StoreHits">Stores and atomic instructions that found the line.</param>
/// <param name="StoreMisses">Stores and atomic instructions that had to get the line.</param>
/// <param name="Lost">Time waited for the line, in picoseconds.</param>
/// <param name="LoadLost">The part of it that loads waited.</param>
public sealed record WordReport(
    int Offset, string Field, string Operation, long Loads, long HitmLocal, long HitmRemote, long StoreHits,
    long StoreMisses, long Lost, long LoadLost);
