using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Stress.Exploration;

/// <summary>Prints rows: time runs down, each task has a column, what it does stands indented by call.</summary>
/// <param name="story">What is told.</param>
internal sealed class StoryText(Story story)
{
    /// <summary>The longest line.</summary>
    public const int Width = 120;

    private const string Gap = " | ";
    private const int MarginWidth = 3;
    private const int NumberWidth = 4;
    private const int MaxRows = 4_000;
    private const int MaxColumns = 5;

    /// <summary>The rows as columns, and the closing sentence.</summary>
    public string Write(IReadOnlyList<StoryRow> rows, bool isVerbose)
    {
        var text = new StringBuilder();
        int[] tasks = [.. rows.Select(row => row.Task).Distinct().Order()];
        bool isList = tasks.Length > MaxColumns;
        int count = isList ? 1 : Math.Max(1, tasks.Length);
        int width = (Width - MarginWidth - NumberWidth - (count * Gap.Length)) / count;
        Append(text, "", "#", isList ? [""] : tasks.Select(task => Short(story.Tasks[task], width)), width);
        text.Append(new string('-', MarginWidth + NumberWidth));
        text.Insert(text.Length, $"-+-{new string('-', width)}", count).Append('\n');
        int skipped = Math.Max(0, rows.Count - MaxRows);
        if (skipped > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"        ... {skipped} earlier rows are left out ...\n");
        }

        foreach (StoryRow row in SwitchReasons.Of(story, [.. rows.Skip(skipped)]))
        {
            bool isFirst = true;
            foreach (string part in Wording.Wrap(isList ? Named(row, isVerbose) : Line(row, isVerbose), width))
            {
                Append(text, isFirst ? Margin(row.Mark) : "", isFirst ? Number(row) : "",
                    isList ? [part] : tasks.Select(task => task == row.Task ? part : ""), width);
                isFirst = false;
            }
        }

        text.Append('\n');
        text.AppendJoin('\n', Wording.Wrap(story.Closing, Width)).Append('\n');
        return text.ToString();
    }

    // Too many tasks for a column each: each row names its task.
    private string Named(StoryRow row, bool isVerbose)
        => row.Kind == StoryRowKind.Note ? row.Text
            : $"{story.Tasks[row.Task].PadRight(story.Tasks.Max(name => name.Length))}  {Line(row, isVerbose)}";

    private static string Short(string name, int width) => name.Length <= width ? name : name[..width];

    private static string Line(StoryRow row, bool isVerbose)
        => new string(' ', 2 * row.Depth) + row.Text
            + (isVerbose && row.Order.Length > 0 ? $" [{row.Order}]" : "")
            + (row.Switch.Length > 0 ? $" ~ {row.Switch}" : "");

    private static string Margin(StoryMarkKind mark) => mark switch
    {
        StoryMarkKind.Deciding => ">>",
        StoryMarkKind.Racing => "!!",
        _ => "",
    };

    private static string Number(StoryRow row)
        => row.Kind == StoryRowKind.Note ? "" : (row.Event + 1).ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string margin, string number, IEnumerable<string> cells, int width)
    {
        int start = text.Length;
        text.Append(margin.PadRight(MarginWidth)).Append(number.PadLeft(NumberWidth));
        foreach (string cell in cells)
        {
            text.Append(Gap).Append(cell.PadRight(width));
        }

        while (text.Length > start && text[^1] == ' ')
        {
            text.Length--;
        }

        text.Append('\n');
    }
}
