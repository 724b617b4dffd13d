using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>A recorded run, put in order for people: what the text and the page are made from.</summary>
public sealed class Story
{
    internal Story(
        ScenarioPlan plan, IReadOnlyList<TraceEvent> events, DecidingPair? pair, IReadOnlyList<StoryMark> marks)
    {
        Tasks = [.. plan.Tasks.Select(task => task.Name)];
        Events = events;
        var marked = new Dictionary<int, StoryMarkKind>();
        IEnumerable<StoryMark> all = pair is null ? marks :
        [
            .. marks,
            new StoryMark(pair.First, StoryMarkKind.Deciding),
            new StoryMark(pair.Second, StoryMarkKind.Deciding),
        ];
        foreach (StoryMark mark in all.Where(mark => mark.Event >= 0 && mark.Event < events.Count))
        {
            marked[mark.Event] = mark.Kind;
        }

        var builder = new StoryBuilder(plan, events);
        Rows = builder.Rows(marked);
        Locks = builder.Locks;
        Facts = new StoryFacts(Tasks, events);
        Closing = new ClosingSentence(Facts, pair, [.. marks.Where(mark => mark.Kind == StoryMarkKind.Racing)]).Write();
        Digest = new StoryDigest(this).Rows();
    }

    /// <summary>One sentence that says what happened.</summary>
    public string Closing { get; }

    /// <summary>The steps that matter, in their order.</summary>
    public IReadOnlyList<StoryStep> Steps =>
    [
        .. Digest.Where(row => row.Kind != StoryRowKind.Note).Select(row => new StoryStep(
            Tasks[row.Task], row.Event, row.Depth, row.Text, row.Mark != StoryMarkKind.None)),
    ];

    internal IReadOnlyList<string> Tasks { get; }

    internal IReadOnlyList<TraceEvent> Events { get; }

    internal StoryFacts Facts { get; }

    /// <summary>A row for each event.</summary>
    internal IReadOnlyList<StoryRow> Rows { get; }

    /// <summary>The rows that matter.</summary>
    internal IReadOnlyList<StoryRow> Digest { get; }

    /// <summary>Who held each lock and waited for it, by their begin.</summary>
    internal IReadOnlyList<LockSpan> Locks { get; }

    /// <summary>The story as text: a column for each task, lines of at most 120 characters, the closing sentence last.
    /// </summary>
    /// <param name="isVerbose">Whether every access is told with its order, or only what matters, in at most 40 lines.
    /// </param>
    public string ToText(bool isVerbose = false)
        => new StoryText(this).Write(isVerbose ? StoryFold.Fold(Rows) : Digest, isVerbose);

    /// <summary>The story as one page that needs nothing else.</summary>
    /// <param name="title">What it says above the story.</param>
    public string ToHtml(StoryTitle title) => new StoryPage(this, title).Write();
}
