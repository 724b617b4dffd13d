using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Follows the locks of a run: who holds each, and who waits.</summary>
internal sealed class LockTimeline
{
    private readonly List<LockSpan> _ended = [];
    private readonly List<LockSpan> _open = [];

    /// <summary>What had ended, and what was still so at the end.</summary>
    /// <param name="end">The number of events.</param>
    public IReadOnlyList<LockSpan> Spans(int end)
        => [.. _ended.Concat(_open.Select(span => span with { To = end })).OrderBy(span => span.From)];

    /// <summary>Takes note of an event.</summary>
    /// <param name="at">Its index.</param>
    /// <param name="told">The event.</param>
    public void Follow(int at, TraceEvent told)
    {
        switch (told.Op)
        {
            case AccessOp.LockContended:
            case var _ when told.IsWait && told.Holder.Length > 0:
                if (!_open.Any(span => IsOf(span, told) && span.Use == LockUse.Waits))
                {
                    _open.Add(new LockSpan(told.Place, told.Task, LockUse.Waits, at, at));
                }

                break;

            case AccessOp.LockAcquired:
                End(at, _open.FindLastIndex(span => IsOf(span, told) && span.Use == LockUse.Waits));
                LockUse use = told.Before.Length > 0 ? LockUse.Reads : LockUse.Holds;
                _open.Add(new LockSpan(told.Place, told.Task, use, at, at));
                break;

            case AccessOp.LockReleased:
                End(at, _open.FindLastIndex(span => IsOf(span, told) && span.Use != LockUse.Waits));
                break;
        }
    }

    /// <summary>The tasks that now hold a lock.</summary>
    public int[] Holders(string name) => [.. Tasks(name, isWaiting: false)];

    /// <summary>The tasks that now wait for a lock.</summary>
    public int[] Waiters(string name) => [.. Tasks(name, isWaiting: true)];

    private IEnumerable<int> Tasks(string name, bool isWaiting)
        => _open.Where(span => span.Lock == name && span.Use == LockUse.Waits == isWaiting)
            .Select(span => span.Task).Distinct();

    private static bool IsOf(LockSpan span, TraceEvent told) => span.Task == told.Task && span.Lock == told.Place;

    private void End(int at, int index)
    {
        if (index >= 0)
        {
            _ended.Add(_open[index] with { To = at });
            _open.RemoveAt(index);
        }
    }
}
