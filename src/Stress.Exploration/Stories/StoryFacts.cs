using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>What follows from the events of a run: which access saw which, and what each task did around it.</summary>
internal sealed partial class StoryFacts
{
    /// <summary>No event.</summary>
    public const int None = -1;

    // Words of locks that are taken in one step, and told as locks.
    private readonly HashSet<string> _lockWords;
    private readonly int[] _lastOf;
    private readonly int[] _depthOf;

    public StoryFacts(IReadOnlyList<string> tasks, IReadOnlyList<TraceEvent> events)
    {
        Tasks = tasks;
        Events = events;
        _lastOf = new int[tasks.Count];
        _depthOf = new int[tasks.Count];
        Array.Fill(_lastOf, None);
        Operation = new int[events.Count];
        Writer = new int[events.Count];
        IsRepetition = new bool[events.Count];
        Alone = events.Count;
        Failure = None;
        _lockWords = [.. events.Where(told => told.Op == AccessOp.AddWhenClear).Select(told => told.Place)];
        Follow();
    }

    public IReadOnlyList<string> Tasks { get; }

    public IReadOnlyList<TraceEvent> Events { get; }

    /// <summary>The event from which on the tasks have ended; the number of events when they have not.</summary>
    public int Alone { get; private set; }

    /// <summary>The event in which the run failed, or <see cref="None"/>.</summary>
    public int Failure { get; private set; }

    /// <summary>For each event the begin of the outermost operation around it, or <see cref="None"/>.</summary>
    public int[] Operation { get; }

    /// <summary>For each access the last change of the cell before it, or <see cref="None"/>.</summary>
    public int[] Writer { get; }

    /// <summary>For each event whether it is a read that tells its task nothing new.</summary>
    public bool[] IsRepetition { get; }

    /// <summary>The last event of a task while the tasks ran, or <see cref="None"/>.</summary>
    public int LastOf(int task) => _lastOf[task];

    /// <summary>Whether a task has ended, as far as its events tell.</summary>
    public bool HasEnded(int task)
        => Alone < Events.Count || (_depthOf[task] == 0 && _lastOf[task] >= 0 && !Events[_lastOf[task]].IsWait);

    /// <summary>Whether an access saw what another task wrote while the tasks ran.</summary>
    public bool SeesAnother(int at) => Writer[at] >= 0 && (Events[Writer[at]].Task != Events[at].Task || at > Alone);

    /// <summary>Whether a cell is there for the machine or for a lock, and not for what the scenario is about.
    /// </summary>
    public bool IsBookkeeping(string place)
        => _lockWords.Contains(place) || place.StartsWith("cpu", StringComparison.Ordinal) && place.Contains('+')
            || Tasks.Any(task => place.StartsWith(task + ".", StringComparison.Ordinal));

    private void Follow()
    {
        var changed = new Dictionary<string, int>();
        var seen = new Dictionary<(int, string), int>();
        int[] open = new int[Tasks.Count];
        Array.Fill(open, None);
        for (int i = 0; i < Events.Count; i++)
        {
            TraceEvent told = Events[i];
            Writer[i] = None;
            Alone = told.Op == AccessOp.RunsAlone && Alone == Events.Count ? i : Alone;
            Failure = told.Op == AccessOp.Failed ? i : Failure;
            if (told.Op == AccessOp.Enter && _depthOf[told.Task]++ == 0)
            {
                open[told.Task] = i;
            }

            Operation[i] = open[told.Task];
            if (told.Op == AccessOp.Leave && --_depthOf[told.Task] <= 0)
            {
                open[told.Task] = None;
            }

            // A finding that no task made happens after the last event of the task that it names.
            _lastOf[told.Task] = i < Alone && told.Op != AccessOp.Failed ? i : _lastOf[told.Task];
            if (told.IsAccess())
            {
                Writer[i] = changed.GetValueOrDefault(told.Place, None);
                bool knows = seen.TryGetValue((told.Task, told.Place), out int known) && known == Writer[i];
                IsRepetition[i] = !told.Writes() && told.Newest.Length == 0 && (knows || IsSaidByNext(i));
                if (told.Writes() && told.After() != told.Before)
                {
                    changed[told.Place] = i;
                }

                seen[(told.Task, told.Place)] = changed.GetValueOrDefault(told.Place, None);
            }
        }
    }

    // A write says what the cell was before.
    private bool IsSaidByNext(int at)
    {
        TraceEvent told = Events[at];
        return at + 1 < Events.Count && Events[at + 1] is var next && next.Task == told.Task && next.Writes()
            && next.Place == told.Place && next.Before == told.Before && next.Before != next.A;
    }
}
