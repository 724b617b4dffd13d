using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Finds the two accesses of a failed run whose order makes it fail.</summary>
/// <remarks>
/// Takes accesses of two tasks that touch the same cell, lock or object, at least one of them to change it, and lets
/// them follow each other the other way round: either what the first task does from there on comes after the second
/// access, or what the second task does up to there comes before the first. All else stays in its order. The pair for
/// which the fewest accesses move, and the run passes, is the answer.
/// </remarks>
internal sealed class PairFinder
{
    /// <summary>Runs that looking for a pair may take.</summary>
    public const int Runs = 2_000;

    // What decides in a run without end lies near its beginning.
    private const int MaxAccesses = 1_500;

    private readonly GuidedRunner _runner;
    private readonly GuidedRun _failed;
    private readonly List<Access> _accesses;

    /// <param name="runner">Has just made <paramref name="failed"/>: what lies where is asked of its machine.</param>
    /// <param name="failed">A failed run with its events.</param>
    public PairFinder(GuidedRunner runner, GuidedRun failed)
    {
        _runner = runner;
        _failed = failed;
        _accesses = [.. AccessesOf(failed.Events).Take(MaxAccesses)];
    }

    /// <summary>The pair; null when no single swap makes the run pass.</summary>
    public DecidingPair? Find()
    {
        foreach ((int first, int second) in Conflicts().OrderBy(pair => pair.Second - pair.First))
        {
            foreach (List<Turn> turns in Swapped(first, second))
            {
                if (_runner.IsSpent)
                {
                    return null;
                }

                Schedule swapped = _failed.Made.With(turns);
                if (Passes(swapped) && IsSwapped(Told(swapped), first, second))
                {
                    return Named(_accesses[first], _accesses[second]);
                }
            }
        }

        return StandsStill();
    }

    private bool Passes(Schedule schedule) => _runner.Run(schedule, IsWhole).Finding is null;

    private GuidedRun Told(Schedule schedule) => _runner.Run(schedule, IsWhole, keepsEvents: true);

    // A run that was cut short where somebody failed has to go on to its end before it passes.
    private bool IsWhole => !_failed.IsJudgedAtEnd;

    // What the first one's task does from there on comes later, or what the second one's does up to there earlier; and
    // then the second one's task may go on to its end.
    private IEnumerable<List<Turn>> Swapped(int first, int second)
    {
        Access a = _accesses[first];
        Access b = _accesses[second];
        List<Access> between = [.. _accesses.Skip(first).Take(second - first + 1)];
        foreach (Turn[] end in new Turn[][] { [], [Turn.Whole(b.Task)] })
        {
            yield return [
                .. TurnsOf(_accesses.Take(first)), .. TurnsOf(between.Where(access => access.Task != a.Task)), .. end,
                .. TurnsOf(between.Where(access => access.Task == a.Task)), .. TurnsOf(_accesses.Skip(second + 1)),
            ];
            yield return [
                .. TurnsOf(_accesses.Take(first)), .. TurnsOf(between.Where(access => access.Task == b.Task)), .. end,
                .. TurnsOf(between.Where(access => access.Task != b.Task)), .. TurnsOf(_accesses.Skip(second + 1)),
            ];
        }
    }

    // Fails because of something that did not come in time: a task was preempted before an access that another one
    // would have had to see, and the run ended first.
    private DecidingPair? StandsStill()
    {
        for (int still = _accesses.Count - 2; still >= 0 && !_runner.IsSpent; still--)
        {
            Access last = _accesses[still];
            if (_accesses[still + 1].Task == last.Task)
            {
                continue;
            }

            Schedule later = _failed.Made.With([
                .. TurnsOf(_accesses.Take(still + 1)), Turn.Whole(last.Task), .. TurnsOf(_accesses.Skip(still + 1))]);
            if (!Passes(later))
            {
                continue;
            }

            IReadOnlyList<TraceEvent> passed = Told(later).Events;
            List<Access> coming = [.. AccessesOf(passed)
                .Where(access => access.Task == last.Task && access.Step > last.Step)];
            foreach (Access access in _accesses.Skip(still + 1).Where(access => access.Task != last.Task))
            {
                if (coming.Find(other => AreInConflict(access, other)) is { } missed)
                {
                    DecidingPair pair = Named(last, access);
                    return pair with { FirstText = $"{pair.FirstText}, but not yet {Text(passed[missed.Index])}" };
                }
            }
        }

        return null;
    }

    // A run that passes for another reason decides nothing.
    private bool IsSwapped(GuidedRun run, int first, int second)
    {
        foreach (TraceEvent told in run.Events)
        {
            if (IsAt(told, _accesses[second]))
            {
                return true;
            }

            if (IsAt(told, _accesses[first]))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsAt(TraceEvent told, Access access)
        => told.Task == access.Task && told.Step >= access.Step && !told.IsWait && told.Op != AccessOp.LockContended;

    private static List<Turn> TurnsOf(IEnumerable<Access> order)
    {
        List<Turn> turns = [];
        foreach (Access access in order)
        {
            // A task has started at position 1, before its first access.
            var turn = new Turn(access.Task, access.Step + 1);
            if (turns.Count > 0 && turns[^1].Task == turn.Task)
            {
                turns[^1] = turn;
            }
            else
            {
                turns.Add(turn);
            }
        }

        return turns;
    }

    private IEnumerable<(int First, int Second)> Conflicts()
    {
        for (int second = 1; second < _accesses.Count; second++)
        {
            for (int first = 0; first < second; first++)
            {
                Access a = _accesses[first];
                Access b = _accesses[second];
                if (a.Task != b.Task && AreInConflict(a, b))
                {
                    yield return (first, second);
                }
            }
        }
    }

    private static bool AreInConflict(Access a, Access b)
        => (a.Changes || b.Changes) && a.Place is not null
            && (a.Place == b.Place || (a.IsWhole || b.IsWhole) && a.Object is not null && a.Object == b.Object);

    // What the tasks did, and what they still waited to do when nobody could go on.
    private IEnumerable<Access> AccessesOf(IReadOnlyList<TraceEvent> events)
    {
        int[] steps = new int[_failed.Made.Limits.Count];
        for (int i = 0; i < events.Count && events[i].Op != AccessOp.RunsAlone; i++)
        {
            TraceEvent told = events[i];
            bool isMade = !told.IsWait && told.Step > steps[told.Task];
            if (isMade || told.IsWait && IsLast(events, i))
            {
                steps[told.Task] = told.Step;
                nint? at = told.At == 0 ? null : told.At;
                nint? start = at is { } cell ? _runner.Machine.Arena.Find(cell)?.Address : null;
                yield return new Access(
                    i, told.Task, told.Step, at, start, told.Op is AccessOp.Alloc or AccessOp.Free,
                    told.IsWait || IsChange(told));
            }
        }
    }

    private static bool IsLast(IReadOnlyList<TraceEvent> events, int index)
    {
        int task = events[index].Task;
        for (int i = index + 1; i < events.Count; i++)
        {
            if (events[i].Task == task && events[i].Op != AccessOp.Failed)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsChange(TraceEvent told) => told.Op switch
    {
        AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire or AccessOp.Dereference or AccessOp.WaitWhile
            or AccessOp.WaitForClear or AccessOp.WaitForWork or AccessOp.Park => false,

        // One that does not meet what it expects only looks.
        AccessOp.CompareExchange or AccessOp.CompareExchangeRelaxed or AccessOp.CompareExchangeAcquire
            or AccessOp.CompareExchangeRelease => told.Before == told.A,

        _ => true,
    };

    private DecidingPair Named(Access first, Access second)
    {
        int earlier = Told(first);
        int later = Told(second);
        return new DecidingPair(earlier, later)
        {
            FirstTask = _runner.Machine.TaskName(first.Task),
            FirstText = Text(_failed.Events[earlier]),
            SecondTask = _runner.Machine.TaskName(second.Task),
            SecondText = Text(_failed.Events[later]),
        };
    }

    private static string Text(TraceEvent told) => EventText.Of(told) ?? told.Op.ToString();

    // An access that takes a lock is told as the lock that was taken.
    private int Told(Access access)
    {
        IReadOnlyList<TraceEvent> events = _failed.Events;
        for (int i = access.Index + 1; i < events.Count && events[i].Task == access.Task; i++)
        {
            if (events[i].Op == AccessOp.LockAcquired && events[i].At == access.Place && events[i].Step == access.Step)
            {
                return i;
            }
        }

        return access.Index;
    }

    /// <summary>An access of the failed run.</summary>
    /// <param name="Index">Index of its event.</param>
    /// <param name="Task">Who made it.</param>
    /// <param name="Step">How many its task had made with it.</param>
    /// <param name="Place">The cell; null when it has none.</param>
    /// <param name="Object">The object that the cell is in; null when it is in none.</param>
    /// <param name="IsWhole">Whether it concerns the whole object.</param>
    /// <param name="Changes">Whether it changes the cell.</param>
    private sealed record Access(
        int Index, int Task, int Step, nint? Place, nint? Object, bool IsWhole, bool Changes);
}
