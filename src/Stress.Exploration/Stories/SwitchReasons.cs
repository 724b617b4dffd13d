using System.Collections.Generic;

namespace Stress.Exploration;

/// <summary>Says at the last row of each turn why the task stopped there.</summary>
internal static class SwitchReasons
{
    /// <summary>The rows with the reasons.</summary>
    public static IReadOnlyList<StoryRow> Of(Story story, IReadOnlyList<StoryRow> rows)
    {
        var told = new StoryRow[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            bool isLast = i + 1 < rows.Count && rows[i + 1].Task != rows[i].Task;
            told[i] = isLast ? rows[i] with { Switch = Reason(story, rows[i], rows[i + 1]) } : rows[i];
        }

        return told;
    }

    private static string Reason(Story story, StoryRow row, StoryRow next)
    {
        if (row.Kind is StoryRowKind.Wait or StoryRowKind.Alone or StoryRowKind.Failure
            || next.Kind is StoryRowKind.Alone or StoryRowKind.Failure)
        {
            return "";
        }

        // What the task did last before the other's row, told or not.
        int last = next.Event - 1;
        while (last > row.Event && story.Events[last].Task != row.Task)
        {
            last--;
        }

        TraceEvent stopped = story.Events[last];
        return stopped.IsWait ? story.Rows[last].Text
            : story.Facts.LastOf(row.Task) <= last && story.Facts.HasEnded(row.Task) ? "ended" : "preempted";
    }
}
