using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Turns events into rows: depth, words, who holds and who waits, and why each task stopped.</summary>
internal sealed class StoryBuilder(ScenarioPlan plan, IReadOnlyList<TraceEvent> events)
{
    private readonly LockTimeline _locks = new();

    /// <summary>A row for each event.</summary>
    /// <param name="marks">Events to mark.</param>
    public IReadOnlyList<StoryRow> Rows(IReadOnlyDictionary<int, StoryMarkKind> marks)
    {
        var rows = new StoryRow[events.Count];
        int[] depth = new int[plan.Tasks.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            TraceEvent told = events[i];
            depth[told.Task] -= told.Op == AccessOp.Leave ? 1 : 0;
            rows[i] = new StoryRow(i, told.Task, Math.Max(0, depth[told.Task]), KindOf(told), Words(told))
            {
                Order = told.Order(),
                Mark = marks.GetValueOrDefault(i),
            };
            depth[told.Task] += told.Op == AccessOp.Enter ? 1 : 0;
            _locks.Follow(i, told);
        }

        return rows;
    }

    /// <summary>Who held each lock and waited for it, once the rows were made.</summary>
    public IReadOnlyList<LockSpan> Locks => _locks.Spans(events.Count);

    private string Words(TraceEvent told)
    {
        string words = EventText.Of(told);
        if (told.Op == AccessOp.LockReleased)
        {
            int[] waiters = Others(_locks.Waiters(told.Place), told.Task);
            return waiters.Length == 0 ? words : $"{words}; {Waiting(waiters)}";
        }

        bool isForLock = told.Op == AccessOp.LockContended || (told.IsWait && told.Holder.Length > 0);
        if (!isForLock)
        {
            return words;
        }

        int[] holders = Others(_locks.Holders(told.Place), told.Task);
        string holder = holders.Length > 0 ? Names(holders) : told.Holder;
        int[] others = Others(_locks.Waiters(told.Place), told.Task);
        return words + (holder.Length > 0 ? $", held by {holder}" : "")
            + (others.Length > 0 ? $"; {Waiting(others)} too" : "");
    }

    private string Waiting(int[] tasks) => $"{Names(tasks)} {(tasks.Length == 1 ? "waits" : "wait")}";

    private string Names(int[] tasks) => Wording.Join([.. tasks.Select(task => plan.Tasks[task].Name)]);

    private static int[] Others(int[] tasks, int task) => [.. tasks.Where(other => other != task)];

    private static StoryRowKind KindOf(TraceEvent told) => told.Op switch
    {
        _ when told.IsWait => StoryRowKind.Wait,
        AccessOp.Enter => StoryRowKind.Call,
        AccessOp.Leave => StoryRowKind.Return,
        AccessOp.LockContended or AccessOp.LockAcquired or AccessOp.LockReleased => StoryRowKind.Lock,
        AccessOp.RunsAlone => StoryRowKind.Alone,
        AccessOp.Failed => StoryRowKind.Failure,
        _ => StoryRowKind.Access,
    };
}
