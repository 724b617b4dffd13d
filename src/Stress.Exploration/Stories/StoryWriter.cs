using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Prints a recorded run: time runs down, each task has a column, what it does stands indented by call.</summary>
/// <param name="plan">Names the tasks.</param>
/// <param name="events">What happened.</param>
/// <param name="isVerbose">Whether every access is printed; otherwise plain accesses to pointers, and the words of locks
/// that are told as locks, are left out.</param>
internal sealed class StoryWriter(ScenarioPlan plan, IReadOnlyList<TraceEvent> events, bool isVerbose = false)
{
    private const int Width = 120;
    private const string Gap = " | ";
    private const int NumberWidth = 4;
    private const int MaxRows = 400;
    private const int MaxJudgedReads = 12;

    /// <summary>The story, lines of at most 120 characters.</summary>
    public string Write()
    {
        int[] columns = ColumnOfTask();
        int count = columns.Max() + 1;
        int width = (Width - NumberWidth - (count * Gap.Length)) / count;
        List<(int Column, string Text)> rows = Folded(Rows(columns));
        var text = new StringBuilder();
        AppendRow(text, "#", Enumerable.Range(0, plan.Tasks.Count).Where(task => columns[task] >= 0)
            .Select(task => plan.Tasks[task].Name), width);
        text.Append(new string('-', NumberWidth));
        text.Insert(text.Length, $"-+-{new string('-', width)}", count).Append('\n');
        int skipped = Math.Max(0, rows.Count - MaxRows);
        if (skipped > 0)
        {
            text.Append($"     ... {skipped} earlier rows are left out ...\n");
        }

        for (int i = skipped; i < rows.Count; i++)
        {
            (int column, string line) = rows[i];
            bool isFirst = true;
            foreach (string part in Wrapped(line, width))
            {
                AppendRow(text, isFirst ? (i + 1).ToString(CultureInfo.InvariantCulture) : "",
                    Enumerable.Range(0, count).Select(other => other == column ? part : ""), width);
                isFirst = false;
            }
        }

        return text.ToString();
    }

    // A task that never did anything, such as a worker that was never needed, gets no column.
    private int[] ColumnOfTask()
    {
        int[] columns = new int[plan.Tasks.Count];
        Array.Fill(columns, -1);
        int next = 0;
        for (int task = 0; task < columns.Length; task++)
        {
            if (events.Any(told => told.Task == task))
            {
                columns[task] = next++;
            }
        }

        columns[0] = next == 0 ? 0 : columns[0];
        return columns;
    }

    // Rows that say the same, one after the other, are one row.
    private static List<(int Column, string Text)> Folded(IEnumerable<(int Column, string Text)> rows)
    {
        List<(int Column, string Text)> folded = [];
        int times = 1;
        (int Column, string Text) last = (-1, "");
        foreach ((int Column, string Text) row in rows)
        {
            if (row == last)
            {
                folded[^1] = (row.Column, $"{row.Text} ({++times} times)");
                continue;
            }

            folded.Add(row);
            last = row;
            times = 1;
        }

        return folded;
    }

    private IEnumerable<(int Column, string Text)> Rows(int[] columns)
    {
        int[] depth = new int[plan.Tasks.Count];
        int judging = LastRunsAlone();
        for (int i = 0; i < events.Count; i++)
        {
            TraceEvent told = events[i];
            if (IsBoring(told.Op, i, judging))
            {
                continue;
            }

            depth[told.Task] -= told.Op == AccessOp.Leave ? 1 : 0;
            if (EventText.Of(told, isVerbose) is { } text)
            {
                yield return (columns[told.Task], new string(' ', 2 * Math.Max(0, depth[told.Task])) + text);
            }

            depth[told.Task] += told.Op == AccessOp.Enter ? 1 : 0;
        }
    }

    // The index of the event from which on nothing but the judgement is told; beyond the end when there is none.
    private int LastRunsAlone()
    {
        for (int i = events.Count - 1; i >= 0; i--)
        {
            if (events[i].Op == AccessOp.RunsAlone)
            {
                return i;
            }
        }

        return events.Count;
    }

    // A judgement reads all there is; what it read last is what it judged.
    private bool IsBoring(AccessOp op, int index, int judging)
        => !isVerbose && index > judging && index < events.Count - MaxJudgedReads
            && op is AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire;

    private static void AppendRow(StringBuilder text, string number, IEnumerable<string> cells, int width)
    {
        int start = text.Length;
        text.Append(number.PadLeft(NumberWidth));
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

    private static IEnumerable<string> Wrapped(string line, int width)
    {
        string indent = new(' ', Math.Min(width / 2, line.Length - line.TrimStart().Length + 2));
        while (line.Length > width)
        {
            int space = line.LastIndexOf(' ', width - 1, width - indent.Length - 1);
            int cut = space > indent.Length ? space : width;
            yield return line[..cut].TrimEnd();
            line = indent + line[cut..].TrimStart();
        }

        yield return line;
    }
}
