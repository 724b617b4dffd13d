using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>How much each event of a run says about its finding: 0 for what is never left out.</summary>
internal sealed class StoryWeights
{
    /// <summary>The weight of what is told only with every access.</summary>
    public const int Never = 6;

    private const int Uneventful = 5;
    private const int JudgedReads = 12;
    private const int LastJudgedReads = 3;
    private const int LastReads = 3;

    private readonly Story _story;
    private readonly StoryFacts _facts;
    private readonly IReadOnlyList<TraceEvent> _events;
    private readonly HashSet<string> _conflicting;
    private readonly int[] _weights;

    public StoryWeights(Story story)
    {
        _story = story;
        _facts = story.Facts;
        _events = story.Events;
        _conflicting = ConflictingCells();
        _weights = [.. Enumerable.Range(0, _events.Count).Select(ByItself)];
        HashSet<string> hot = HotCells();
        for (int i = 0; i < _weights.Length; i++)
        {
            bool isHot = i < _facts.Alone && hot.Contains(_events[i].Place) && !_facts.IsRepetition[i];
            Lower(i, isHot ? 2 : Never);
        }

        WeighFailure();
        WeighLocks();
        WeighObjects();
        WeighSleep();
        WeighLastAccess();
    }

    /// <summary>The weight of an event.</summary>
    public int this[int at] => _weights[at];

    private int ByItself(int at)
    {
        TraceEvent told = _events[at];
        if (_story.Rows[at].Mark != StoryMarkKind.None || told.Op == AccessOp.Failed)
        {
            return 0;
        }

        if (told.IsWait)
        {
            return told.Op == AccessOp.WaitForWork ? Never : _facts.LastOf(told.Task) == at ? 0 : 3;
        }

        return told.Op switch
        {
            AccessOp.Enter or AccessOp.Leave => Never,
            AccessOp.RunsAlone => _facts.Failure > at && at == LastAlone() ? 0 : Uneventful,
            AccessOp.Alloc => told.Before.Length == 0 ? 1 : 4,
            AccessOp.Free => 4,
            AccessOp.Park or AccessOp.PrepareToPark or AccessOp.Unpark => 3,
            AccessOp.LockContended => Uneventful,
            AccessOp.LockAcquired or AccessOp.LockReleased => 4,
            _ when told.Newest.Length > 0 => 1,
            _ when EventText.IsQuiet(told) => Never,
            _ when at > _facts.Alone => Judged(at),
            _ when _facts.IsRepetition[at] => Never,
            _ when _conflicting.Contains(told.Place) && !_facts.IsBookkeeping(told.Place) => 4,
            _ => Uneventful,
        };
    }

    // A judgement reads all there is; what it read last is what it judged.
    private int Judged(int at) => _facts.Failure < 0 ? Never
        : at >= _facts.Failure - LastJudgedReads ? 0
        : at >= _facts.Failure - JudgedReads ? 4 : Never;

    private int LastAlone()
    {
        int at = _facts.Failure;
        while (at >= 0 && _events[at].Op != AccessOp.RunsAlone)
        {
            at--;
        }

        return at;
    }

    // Cells that one task wrote while another touched them too.
    private HashSet<string> ConflictingCells()
        => [.. _events.Take(_facts.Alone).Where(told => told.IsAccess()).GroupBy(told => told.Place)
            .Where(group => group.Select(told => told.Task).Distinct().Skip(1).Any() && group.Any(Accesses.Writes))
            .Select(group => group.Key)];

    // Cells of marked events, those that the finding names, and those that the failing operation read from others.
    private HashSet<string> HotCells()
    {
        HashSet<string> hot = [.. _story.Rows.Where(row => row.Mark != StoryMarkKind.None)
            .Select(row => _events[row.Event]).Where(told => told.IsAccess()).Select(told => told.Place)];
        if (_facts.Failure >= 0)
        {
            string text = _events[_facts.Failure].Place;
            hot.UnionWith(_events.Where(told => told.IsAccess() && text.Contains(told.Place, StringComparison.Ordinal))
                .Select(told => told.Place));
            hot.UnionWith(_facts.LastForeignReads(LastReads).Select(at => _events[at].Place));
        }

        hot.RemoveWhere(_facts.IsBookkeeping);
        return hot;
    }

    private void WeighFailure()
    {
        foreach (int read in _facts.LastForeignReads(LastReads))
        {
            Lower(read, 1);
            Lower(_facts.Writer[read], 1);
        }

        if (_facts.LostUpdate() is var (stale, between, lost))
        {
            Lower(stale, 0);
            Lower(between, 0);
            Lower(lost, 0);
        }
    }

    // Locks still held by tasks that wait; locks handed on to a task that waited.
    private void WeighLocks()
    {
        foreach (LockSpan span in _story.Locks)
        {
            if (span.Use == LockUse.Waits)
            {
                Lower(span.To < _events.Count ? span.To : span.From, 3);
                foreach (LockSpan before in _story.Locks.Where(other => other.Lock == span.Lock && other.To < span.To
                    && other.To > span.From && other.Use != LockUse.Waits))
                {
                    Lower(before.To, 3);
                }
            }
            else if (span.To == _events.Count)
            {
                bool isWaitedFor = _story.Locks.Any(other => other.Lock == span.Lock && other.To == span.To
                    && other.Use == LockUse.Waits);
                Lower(span.From, isWaitedFor ? 0 : 2);
            }
        }
    }

    // The life of the object that the finding names, and who got hold of it.
    private void WeighObjects()
    {
        if (_facts.NamedObject() is not { } name)
        {
            return;
        }

        for (int i = 0; i < _events.Count; i++)
        {
            TraceEvent told = _events[i];
            bool isLife = (told.Op == AccessOp.Free && told.Place == name)
                || (told.Op == AccessOp.Alloc && told.Before == name);
            Lower(i, isLife ? 0 : told.IsAccess() && told.After() == "&" + name ? 1 : Never);
        }
    }

    // What the failing task did last is what it failed on.
    private void WeighLastAccess()
    {
        int last = _facts.LastOwnAccess();
        Lower(last, last < _facts.Alone ? 1 : 0);
    }

    private void WeighSleep()
    {
        if (_facts.Failure < 0 || _events[_facts.Failure].Before != "missed-wakeup")
        {
            return;
        }

        for (int i = 0; i < _events.Count; i++)
        {
            bool isSleep = _events[i].Op is AccessOp.PrepareToPark or AccessOp.Unpark;
            Lower(i, isSleep ? 1 : Never);
        }
    }

    private void Lower(int at, int weight)
    {
        if (at >= 0)
        {
            _weights[at] = Math.Min(_weights[at], weight);
        }
    }
}
