using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

// Edits of who goes when.
internal sealed partial class Shrinker
{
    // Runs that one search through orders may take.
    private const int OrdersTried = 600;
    private const int BoundedTried = 1_500;

    private IReadOnlyList<Turn> Turns => _best.Made.Turns;

    // Leaves out ever shorter stretches of turns, lets a turn last, and lets neighbours change places.
    private void ShortenTurns()
    {
        for (int length = Math.Max(1, Turns.Count / 2); length > 0; length /= 2)
        {
            for (int start = 0; start + length <= Turns.Count;)
            {
                start += Try(_best.Made.With([.. Turns.Take(start), .. Turns.Skip(start + length)])) ? 0 : length;
            }
        }

        for (int i = 0; i < Turns.Count; i++)
        {
            Turn turn = Turns[i];
            _ = Try(_best.Made.With(Lasting(i, int.MaxValue)))
                || Turns.Skip(i + 1).Where(other => other.Task == turn.Task).ToList()
                    .Exists(other => Try(_best.Made.With(Lasting(i, other.Until))));
        }

        for (int i = 0; i + 1 < Turns.Count; i++)
        {
            Try(_best.Made.With([.. Turns.Take(i), Turns[i + 1], Turns[i], .. Turns.Skip(i + 2)]));
        }
    }

    // The turn goes on until a later position; what it takes over is left out where it was.
    private IEnumerable<Turn> Lasting(int index, int until)
    {
        Turn turn = Turns[index];
        return [
            .. Turns.Take(index), turn with { Until = until },
            .. Turns.Skip(index + 1).Where(other => other.Task != turn.Task || other.Until > until),
        ];
    }

    // The same pieces, and whole operations, in any order that has no more turns; the fewest first.
    private void ReorderTurns()
    {
        if (_best.Measure.Preemptions < 2)
        {
            return;
        }

        GuidedRun start = _best;
        int[][] ends = [.. Enumerable.Range(0, start.Made.Limits.Count).Select(task => PiecesOf(start, task))];
        int limit = _runner.Runs + OrdersTried;
        for (int count = ends.Count(positions => positions.Length > 0); count <= start.Made.Turns.Count; count++)
        {
            if (Reorder([], new int[ends.Length], ends, count, limit))
            {
                return;
            }
        }
    }

    private static int[] PiecesOf(GuidedRun run, int task)
        => [.. run.Made.Turns.Where(turn => turn.Task == task).Select(turn => turn.Until)
            .Concat(run.OperationEnds.Where(end => end.Task == task).Select(end => end.Until)).Distinct().Order()];

    private bool Reorder(List<Turn> begun, int[] used, int[][] ends, int turnsLeft, int limit)
    {
        if (Enumerable.Range(0, ends.Length).All(task => used[task] == ends[task].Length))
        {
            return Try(_best.Made.With(begun));
        }

        if (turnsLeft == 0 || _runner.Runs >= limit || _runner.IsSpent)
        {
            return false;
        }

        for (int task = 0; task < ends.Length; task++)
        {
            if (begun.Count > 0 && begun[^1].Task == task)
            {
                continue;
            }

            int before = used[task];
            while (used[task] < ends[task].Length)
            {
                begun.Add(new Turn(task, ends[task][used[task]++]));
                if (Reorder(begun, used, ends, turnsLeft - 1, limit))
                {
                    return true;
                }

                begun.RemoveAt(begun.Count - 1);
            }

            used[task] = before;
        }

        return false;
    }

    // Every run with fewer preemptions, those with the fewest first, as far as the budget goes.
    private void SearchFewerPreemptions()
    {
        for (int bound = 0; bound < _best.Measure.Preemptions; bound++)
        {
            Schedule start = _best.Made;
            var tree = new BoundedTree(bound);
            int limit = _runner.Runs + BoundedTried;
            while (_runner.Runs < limit && !_runner.IsSpent && _runner.Run(tree, start) is { } run)
            {
                if (Keep(run))
                {
                    return;
                }
            }
        }
    }

    // Each switch earlier, in ever smaller steps, as long as that leaves something out.
    private void MoveSwitches()
    {
        for (int i = 0; i + 1 < Turns.Count; i++)
        {
            for (int step = Turns[i].Until == int.MaxValue ? 0 : Turns[i].Until - 1; step > 0;)
            {
                int until = i < Turns.Count ? Turns[i].Until - step : 0;
                step = until > 0 && Try(_best.Made.With([
                    .. Turns.Take(i), Turns[i] with { Until = until }, .. Turns.Skip(i + 1)]))
                    ? step : step / 2;
            }
        }
    }
}
