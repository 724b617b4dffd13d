using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Stress.Exploration;

/// <summary>Writes a story as one page that needs nothing else: its style, script and data are in it.</summary>
/// <remarks>The page is XML too, so that a test can read it.</remarks>
/// <param name="story">What is told.</param>
/// <param name="title">What the page says above it.</param>
internal sealed class StoryPage(Story story, StoryTitle title)
{
    private const int Colors = 8;
    private const int MostUnfolded = 1_000;
    private const int MostSteps = 4_000;

    // Every event is a step, unless they are so many that loops are better folded.
    private readonly IReadOnlyList<StoryRow> _steps = story.Rows.Count <= MostUnfolded
        ? story.Rows : [.. StoryFold.Fold(story.Rows).TakeLast(MostSteps)];

    private readonly IReadOnlyList<(string Name, IReadOnlyList<LockSpan> Spans)> _locks =
        [.. story.Locks.GroupBy(span => span.Lock).Select(group => (group.Key, (IReadOnlyList<LockSpan>)[.. group]))];

    /// <summary>The page.</summary>
    public string Write()
    {
        TraceEvent? failed = story.Facts.Failure < 0 ? null : story.Events[story.Facts.Failure];
        var parts = new Dictionary<string, string>
        {
            ["title"] = Escaped($"{title.Scenario}, variant {title.Variant}"),
            ["finding"] = Escaped(failed is { } told ? $"{told.Before}: {told.Place}" : "no finding"),
            ["closing"] = Escaped(story.Closing),
            ["reproduce"] = Escaped(title.Reproduce),
            ["count"] = Number(Math.Max(1, _steps.Count)),
            ["heads"] = string.Concat(story.Tasks.Select((name, task) =>
                $"<th scope=\"col\" class=\"{Color(task)}\">{Escaped(name)}</th>")),
            ["rows"] = Rows(),
            ["locks"] = Locks(),
            ["style"] = Asset("story.css"),
            ["script"] = Asset("story.js"),
            ["data"] = Data(),
        };
        return Filled(Asset("story.html"), parts);
    }

    // In one pass: what is filled in may itself look like a part.
    private static string Filled(string template, Dictionary<string, string> parts)
    {
        var page = new StringBuilder();
        string[] pieces = template.Split("{{");
        page.Append(pieces[0]);
        foreach (string piece in pieces.Skip(1))
        {
            int end = piece.IndexOf("}}", StringComparison.Ordinal);
            page.Append(parts[piece[..end]]).Append(piece.AsSpan(end + 2));
        }

        return page.ToString();
    }

    private string Rows()
    {
        HashSet<int> matters = [.. story.Digest.Where(row => row.Kind != StoryRowKind.Note).Select(row => row.Event)];
        bool Matters(StoryRow row) => matters.Contains(row.Event)
            || (row.Depth == 0 && row.Kind is StoryRowKind.Call or StoryRowKind.Return);

        // Where a task stops depends on what is shown.
        Dictionary<int, string> stops = SwitchReasons.Of(story, [.. _steps.Where(Matters)])
            .ToDictionary(row => row.Event, row => row.Switch);
        var text = new StringBuilder();
        foreach (StoryRow row in SwitchReasons.Of(story, _steps))
        {
            string quiet = Matters(row) ? "" : " quiet";
            string mark = row.Mark == StoryMarkKind.None ? "" : $" {Lower(row.Mark)}";
            string sign = row.Mark switch
            {
                StoryMarkKind.Deciding => "&gt;&gt; ",
                StoryMarkKind.Racing => "!! ",
                _ => "",
            };
            text.Append(CultureInfo.InvariantCulture,
                $"<tr class=\"{Lower(row.Kind)}{mark}{quiet}\"><th scope=\"row\">{sign}{row.Event + 1}</th>");
            for (int task = 0; task < story.Tasks.Count; task++)
            {
                text.Append(task == row.Task ? Cell(row, stops.GetValueOrDefault(row.Event, "")) : "<td></td>");
            }

            text.Append("</tr>\n");
        }

        return text.ToString();
    }

    private string Cell(StoryRow row, string briefStop)
    {
        string order = row.Order.Length == 0 ? "" : $" <small class=\"order\">{row.Order}</small>";
        return $"<td class=\"by {Color(row.Task)}\" style=\"--d:{Number(row.Depth)};--lane:{Number(row.Task)}\">"
            + $"<span class=\"sr\">{Escaped(story.Tasks[row.Task])}: </span>{Escaped(row.Text)}{order}"
            + $"{Stop("brief", briefStop)}{Stop("full", row.Switch)}</td>";
    }

    private static string Stop(string shown, string why)
        => why.Length == 0 ? "" : $" <small class=\"{shown}\">~ {Escaped(why)}</small>";

    private string Locks()
    {
        if (_locks.Count == 0)
        {
            return "<p class=\"key\">No lock was taken.</p>";
        }

        var text = new StringBuilder("<p class=\"key\">Full: holds. Thin: reads. Hatched: waits.</p>");
        foreach ((string name, IReadOnlyList<LockSpan> spans) in _locks)
        {
            text.Append($"<div class=\"lock\"><p>{Escaped(name)}: <strong class=\"now\"></strong></p>");
            foreach (IGrouping<int, LockSpan> task in spans.GroupBy(span => span.Task).OrderBy(group => group.Key))
            {
                text.Append($"<div class=\"track {Color(task.Key)}\"><span>{Escaped(story.Tasks[task.Key])}</span>")
                    .Append("<div class=\"strip\">");
                foreach (LockSpan span in task)
                {
                    text.Append($"<i class=\"{Lower(span.Use)}\" style=\"left:{Share(StepOf(span.From))}%;")
                        .Append($"width:{Share(StepOf(span.To) - StepOf(span.From))}%\"></i>");
                }

                text.Append("</div></div>");
            }

            text.Append("</div>");
        }

        return text.ToString();
    }

    // The encoder of the serializer escapes all that could end the script element.
    private string Data()
    {
        string[] cells = [.. CellsByWeight()];
        Dictionary<string, int> index = cells.Select((name, at) => (name, at))
            .ToDictionary(cell => cell.name, cell => cell.at);
        StoryRow[] marked = [.. _steps.Where(row => row.Mark != StoryMarkKind.None)];
        return JsonSerializer.Serialize(new PageData(
            story.Tasks,
            cells,
            [.. _steps.Select(row => EventOf(row, index))],
            [.. _locks.Select(taken => new PageLock(
                taken.Name,
                [.. taken.Spans.Select(span => new PageSpan(
                    span.Task, Lower(span.Use), StepOf(span.From), StepOf(span.To)))]))],
            StepOf(marked.Length > 0 ? marked[0].Event : story.Rows.Count - 1) + 1), s_json);
    }

    private PageEvent EventOf(StoryRow row, Dictionary<string, int> cells)
    {
        TraceEvent told = story.Events[row.Event];
        string? after = told.After();
        return new PageEvent(row.Event + 1, row.Task, row.Text, row.Mark == StoryMarkKind.None ? null : Lower(row.Mark),
            after is null ? null : cells[told.Place], after);
    }

    // Cells that matter first, then in the order in which they were touched.
    private IEnumerable<string> CellsByWeight()
    {
        HashSet<string> matter = [.. story.Digest.Select(row => story.Events[row.Event].Place)];
        return story.Events.Where(told => told.After() is not null).Select(told => told.Place).Distinct()
            .OrderBy(place => matter.Contains(place) ? 0 : 1);
    }

    // The step that shows an event, or the next one; the number of steps after the last.
    private int StepOf(int happened)
    {
        int low = 0;
        int high = _steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _steps[middle].Event < happened ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private string Share(int steps) => (100.0 * steps / _steps.Count).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Color(int task) => $"c{Number(task % Colors)}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private static string Asset(string name)
    {
        using Stream stream = typeof(StoryPage).Assembly.GetManifestResourceStream($"stories/{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    }

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private sealed record PageData(
        IReadOnlyList<string> Tasks, IReadOnlyList<string> Cells, IReadOnlyList<PageEvent> Events,
        IReadOnlyList<PageLock> Locks, int Start);

    private sealed record PageEvent(int Number, int Task, string Text, string? Mark, int? Cell, string? After);

    private sealed record PageLock(string Name, IReadOnlyList<PageSpan> Spans);

    private sealed record PageSpan(int Task, string Use, int From, int To);
}
