using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>What a finding is and where in the model it happened, without what differs from schedule to schedule.
/// </summary>
/// <param name="Text">The condition without the numbers of objects and the names of tasks; of a data race, the field;
/// empty where nobody gets on any more.</param>
/// <param name="Locks">Classes of the locks that the failing task held or waited for, that both sides of a race held,
/// that are taken in a circle, or that anybody held who does not get on; in the order of their names.</param>
/// <param name="Operations">Names of the operations that the failing task was in, outermost first; of a race, of a
/// circle and where nobody gets on, those of all who take part, in the order of their names.</param>
public sealed record FindingLandmarks(string Text, IReadOnlyList<string> Locks, IReadOnlyList<string> Operations)
{
    // Of a lock in a story, such as "resv_map.lock of resv": its class comes first.
    private const string Owner = " of ";

    /// <summary>The landmarks of a finding.</summary>
    public static FindingLandmarks Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        IReadOnlyList<TraceEvent> events = finding.Telling?.Events ?? [];
        if (finding.Race is { } race)
        {
            return new FindingLandmarks(
                race.Field,
                Classes(race.First.Locks.Concat(race.Second.Locks)),
                [.. race.First.Operations.Concat(race.Second.Operations).Distinct().Order(StringComparer.Ordinal)]);
        }

        if (finding.Inversion is { } circle)
        {
            return new FindingLandmarks(
                FindingSignature.Of(finding.Kind, finding.Text, "").Text,
                Classes(circle.Steps.Select(step => step.Taken.Class)),
                Names(circle.Steps.Select(step => step.Fact.Operation)));
        }

        // Who waits for whom, and who noticed, differs from schedule to schedule.
        if (finding.Kind is FindingKind.Deadlock or FindingKind.MissedWakeup or FindingKind.RcuStall
            or FindingKind.StepBound or FindingKind.Hang)
        {
            List<TraceEvent>[] tasks = [.. events.GroupBy(told => told.Task).Select(own => own.ToList())];
            return new FindingLandmarks(
                "", Classes(tasks.SelectMany(HeldLocks)), Names(tasks.SelectMany(OpenOperations)));
        }

        List<TraceEvent> own = [.. events.Where(told => told.Task == finding.Task)];
        List<string> open = OpenOperations(own);
        return new FindingLandmarks(
            WithoutTasks(FindingSignature.Of(finding.Kind, finding.Text, finding.Operation).Text, finding.Trace.Tasks),
            Classes(HeldLocks(own)),
            open.Count > 0 || finding.Operation.Length == 0 ? open : [finding.Operation]);
    }

    private static string WithoutTasks(string text, IReadOnlyList<string> tasks)
        => tasks.Aggregate(
            text,
            (rest, task) => Regex.Replace(rest, $@"(?<=\b(by|after) ){Regex.Escape(task)}(?!\w)", "a task"));

    private static IReadOnlyList<string> Classes(IEnumerable<string> locks)
        => Names(locks.Select(name => name.Split(Owner)[0]));

    private static IReadOnlyList<string> Names(IEnumerable<string> names)
        => [.. names.Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    private static List<string> HeldLocks(List<TraceEvent> own)
    {
        var held = new List<string>();
        foreach (TraceEvent told in own)
        {
            if (told.Op is AccessOp.LockAcquired or AccessOp.LockContended)
            {
                held.Add(told.Place);
            }
            else if (told.Op == AccessOp.LockReleased)
            {
                held.RemoveAll(place => place == told.Place);
            }
        }

        return held;
    }

    private static List<string> OpenOperations(List<TraceEvent> own)
    {
        var open = new List<string>();
        foreach (TraceEvent told in own)
        {
            if (told.Op == AccessOp.Enter)
            {
                open.Add(told.Place);
            }
            else if (told.Op == AccessOp.Leave && open.Count > 0)
            {
                open.RemoveAt(open.Count - 1);
            }
        }

        return open;
    }
}
