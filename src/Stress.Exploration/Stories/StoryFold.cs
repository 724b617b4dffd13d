using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Folds what a task repeats without anybody between: loops that spin.</summary>
internal static class StoryFold
{
    private const int LongestRound = 24;

    /// <summary>The rows, with rounds after the first of equal ones as one row that counts them.</summary>
    public static IReadOnlyList<StoryRow> Fold(IReadOnlyList<StoryRow> rows)
    {
        List<StoryRow> folded = [];
        int at = 0;
        while (at < rows.Count)
        {
            (int length, int more) = RoundsAt(rows, at);
            if (more == 0)
            {
                folded.Add(rows[at++]);
                continue;
            }

            folded.AddRange(rows.Skip(at).Take(length));
            at += length * (more + 1);
            StoryRow last = rows[at - 1];
            string each = length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" of these {length}");
            string rounds = more == 1 ? "round" : "rounds";
            string text = string.Create(CultureInfo.InvariantCulture, $"... {more} more {rounds}{each}");
            folded.Add(last with { Depth = folded[^1].Depth, Kind = StoryRowKind.Note, Text = text, Order = "" });
        }

        return folded;
    }

    // The shortest round that comes again at once, and how often it does; a fold has to save a row.
    private static (int Length, int More) RoundsAt(IReadOnlyList<StoryRow> rows, int at)
    {
        for (int length = 1; length <= LongestRound && at + (2 * length) <= rows.Count; length++)
        {
            int more = 0;
            while (IsSame(rows, at, at + ((more + 1) * length), length))
            {
                more++;
            }

            if (more * length > 1)
            {
                return (length, more);
            }
        }

        return (0, 0);
    }

    private static bool IsSame(IReadOnlyList<StoryRow> rows, int one, int other, int length)
    {
        if (other + length > rows.Count)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            StoryRow a = rows[one + i];
            StoryRow b = rows[other + i];
            if (a.Task != rows[one].Task || (a.Task, a.Depth, a.Text) != (b.Task, b.Depth, b.Text)
                || b.Mark != StoryMarkKind.None || b.Kind is StoryRowKind.Call or StoryRowKind.Return)
            {
                return false;
            }
        }

        return true;
    }
}
