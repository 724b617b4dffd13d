using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Stress.Machine.Native;

/// <summary>Takes down what the tasks of a machine did last.</summary>
internal static class TailNotes
{
    /// <summary>The tail of each task; none for tasks that are not observed.</summary>
    /// <param name="machine">The machine; its tasks may be running.</param>
    /// <param name="roles">The role of each task.</param>
    public static ImmutableArray<TaskTail> Take(NativeMachine machine, ImmutableArray<int> roles)
    {
        // All copies first: what comes behind takes longer, and the tasks go on.
        (ObservedTask Task, ImmutableArray<OperationTail.Entry> Entries)[] copies =
            [.. machine.Tasks.OfType<ObservedTask>().Select(task => (task, task.Tail.Copy()))];
        Dictionary<(int, long), int> ends = copies
            .SelectMany(copy => copy.Entries.Where(entry => entry.EndedAt != 0)
                .Select(entry => (copy.Task.Number, entry.Number, entry.EndedAt)))
            .OrderBy(end => end.EndedAt).ThenBy(end => end.Item1).ThenBy(end => end.Item2)
            .Select((end, place) => (end, place))
            .ToDictionary(end => (end.end.Item1, end.end.Item2), end => end.place + 1);
        return
        [
            .. copies.Select(copy => new TaskTail(
                copy.Task.Name,
                roles[copy.Task.Number],
                [
                    .. copy.Entries.Select(entry => Tell(
                        entry, ends.GetValueOrDefault((copy.Task.Number, entry.Number)))),
                ],
                HangReport.Waits(machine, copy.Task),
                HangReport.Held(machine, copy.Task))),
        ];
    }

    private static TailOperation Tell(OperationTail.Entry entry, int ended)
        => new(entry.Name!, entry.Arguments switch { 0 => [], 1 => [entry.A], _ => [entry.A, entry.B] }, entry.Depth)
        {
            Ended = ended == 0 ? null : ended,
            Result = ended != 0 && entry.HasResult ? entry.Result : null,
        };
}
