using System;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Makes a failed run smaller while its finding stays the same.</summary>
/// <remarks>
/// Tries edits of the run's schedule, keeps each that comes to the same signature with less to read, and ends when none
/// does or the budget is spent. Deterministic: it depends on the run alone.
/// </remarks>
internal sealed partial class Shrinker
{
    /// <summary>Runs that shrinking one finding may take.</summary>
    public const int Runs = 8_000;

    /// <summary>Scheduling points of all these runs.</summary>
    public const long Points = 1_000_000;

    private readonly GuidedRunner _runner;
    private readonly CutControl _control;
    private readonly FindingSignature _signature;
    private GuidedRun _best;

    /// <param name="runner">Runs the variant.</param>
    /// <param name="control">Judges what is cut.</param>
    /// <param name="failed">The run to make smaller.</param>
    public Shrinker(GuidedRunner runner, CutControl control, GuidedRun failed)
    {
        _runner = runner;
        _control = control;
        _best = failed;
        _signature = FindingSignature.Of(failed.Finding!);
    }

    /// <summary>The smallest run found.</summary>
    public GuidedRun Shrink()
    {
        RunMeasure before;
        do
        {
            before = _best.Measure;
            DropTasks();
            DropOperations();
            ShortenTurns();
            ReorderTurns();
            SearchFewerPreemptions();
            DropDraws();
            MoveSwitches();
        }
        while (_best.Measure.IsSmallerThan(before) && !_runner.IsSpent);

        return _best;
    }

    // Keeps an edit that fails in the same way and leaves less to read.
    private bool Try(Schedule edited, Func<GuidedRun, bool>? isWanted = null)
        => !_runner.IsSpent && _runner.Run(edited) is { } run && isWanted?.Invoke(run) != false && Keep(run);

    private bool Keep(GuidedRun run)
    {
        if (!run.IsOf(_signature) || !run.Measure.IsSmallerThan(_best.Measure)
            || !_control.Accepts(run, _signature))
        {
            return false;
        }

        _best = run;
        return true;
    }

    private void DropTasks()
    {
        for (int task = _best.Made.Limits.Count - 1; task >= 0; task--)
        {
            if (_best.Made.Limits[task] != 0 && _best.Made.Running.Count() > 1)
            {
                Try(_best.Made.WithLimit(task, 0));
            }
        }
    }

    private void DropOperations()
    {
        foreach (int task in _best.Made.Running)
        {
            // A task that holds a lock where it would be cut goes on: then it was not cut.
            int limit = 1;
            while (limit < _best.Operations[task]
                && !Try(_best.Made.WithLimit(task, limit), run => run.Operations[task] == limit))
            {
                limit++;
            }
        }
    }

    private void DropDraws()
    {
        Try(_best.Made.WithoutDraws());
        for (int task = 0; task < _best.Made.Draws.Count; task++)
        {
            for (int i = 0; i < _best.Made.Draws[task].Count; i++)
            {
                int drawn = _best.Made.Draws[task][i];
                for (int less = 0; less < drawn; less++)
                {
                    if (Try(_best.Made.WithDraw(task, i, less)))
                    {
                        break;
                    }
                }
            }
        }
    }
}
