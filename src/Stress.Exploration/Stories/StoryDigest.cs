using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Picks the rows that matter, as many as fit: operations that nobody comes between become one row.</summary>
/// <param name="story">What is told.</param>
internal sealed class StoryDigest(Story story)
{
    /// <summary>The most lines that a story should have, with its head and its closing sentence.</summary>
    public const int MaxLines = 40;

    private const int MostDetail = 4;
    private const int LastRows = 16;

    private readonly StoryWeights _weights = new(story);
    private readonly IReadOnlyList<StoryRow> _lastRounds = LastRoundsOf(story);
    private readonly int[] _ends = EndsOf(story.Events, story.Tasks.Count);

    /// <summary>The rows.</summary>
    public IReadOnlyList<StoryRow> Rows()
    {
        IReadOnlyList<StoryRow> rows = [];
        for (int detail = MostDetail; detail >= 0; detail--)
        {
            rows = WithLastRounds(StoryFold.Fold([.. Rows(detail)]));
            if (Lines(rows) <= MaxLines)
            {
                return rows;
            }
        }

        return Cut(rows);
    }

    // A run that has no end: what it repeats to the last is the story.
    private IReadOnlyList<StoryRow> WithLastRounds(IReadOnlyList<StoryRow> rows)
        => _lastRounds.Count == 0 ? rows
            : [.. rows.Where(row => row.Event < _lastRounds[0].Event), .. _lastRounds];

    private static IReadOnlyList<StoryRow> LastRoundsOf(Story story)
    {
        if (story.Facts.Failure < 0 || story.Events[story.Facts.Failure].Before != "step-bound")
        {
            return [];
        }

        IReadOnlyList<StoryRow> folded = StoryFold.Fold(story.Rows);
        return [.. folded.Skip(Math.Max(0, folded.Count - LastRows))];
    }

    private IEnumerable<StoryRow> Rows(int detail)
    {
        bool[] told = [.. Enumerable.Range(0, story.Events.Count).Select(at => _weights[at] <= detail)];
        for (int i = 0; i < told.Length; i++)
        {
            StoryRow row = story.Rows[i];
            if (row.Kind != StoryRowKind.Call)
            {
                if (told[i])
                {
                    yield return row;
                }

                continue;
            }

            int end = _ends[i];
            bool isEventful = HasTold(told, i, end, row.Task);
            if (isEventful || end == told.Length)
            {
                yield return row;
                if (end < told.Length && (row.Depth == 0 ? detail > 0 : detail > 2))
                {
                    told[end] = true;
                }
            }
            else if (row.Depth == 0 || detail == MostDetail)
            {
                string result = story.Events[end].Before;
                yield return result.Length == 0 ? row : row with { Text = $"{row.Text} = {result}" };
            }
        }
    }

    private bool HasTold(bool[] told, int from, int to, int task)
    {
        for (int i = from + 1; i < to; i++)
        {
            if (told[i] && story.Events[i].Task == task && i < story.Facts.Alone)
            {
                return true;
            }
        }

        return false;
    }

    // For each call the return that belongs to it; the number of events when the run ended before it.
    private static int[] EndsOf(IReadOnlyList<TraceEvent> events, int tasks)
    {
        int[] ends = new int[events.Count];
        Stack<int>[] open = [.. Enumerable.Range(0, tasks).Select(_ => new Stack<int>())];
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = ends.Length;
            Stack<int> calls = open[events[i].Task];
            if (events[i].Op == AccessOp.Enter)
            {
                calls.Push(i);
            }
            else if (events[i].Op == AccessOp.Leave && calls.TryPop(out int call))
            {
                ends[call] = i;
            }
        }

        return ends;
    }

    // Too long whatever is left out: the oldest rows go that are not among those that have to stay.
    private List<StoryRow> Cut(IReadOnlyList<StoryRow> rows)
    {
        List<StoryRow> kept = [.. rows];
        int cut = 0;
        int over = Lines(rows) - MaxLines + 1;
        while (over > 0 && kept.FindIndex(MayGo) >= 0)
        {
            int left = over;
            cut += kept.RemoveAll(row => MayGo(row) && left-- > 0);
            over = Lines(kept) - MaxLines + 1;
        }

        if (cut > 0)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"... {cut} rows are left out");
            kept.Insert(0, new StoryRow(0, kept[0].Task, 0, StoryRowKind.Note, text));
        }

        return kept;
    }

    private bool MayGo(StoryRow row) => row.Kind == StoryRowKind.Note || _weights[row.Event] > 0;

    private int Lines(IReadOnlyList<StoryRow> rows)
        => new StoryText(story).Write(rows, isVerbose: false).Count(letter => letter == '\n');
}
