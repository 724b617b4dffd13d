using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

// Tasks that never start or end early, so that a run becomes smaller.
internal sealed partial class ExploredMachine
{
    private int[]? _limits;

    // From the end of a task's last operation to its next access, where it is suspended for good.
    private bool _isCutting;
    private int _accessesBeforeCut;

    /// <summary>Whether the last run was judged by what had become of everybody, not by what somebody did: then it
    /// matters who did not run.</summary>
    public bool IsJudgedAtEnd
        => _isDraining || _tasks.All(task => task.IsDone)
            || _finding?.Kind is FindingKind.Deadlock or FindingKind.MissedWakeup or FindingKind.RcuStall
                or FindingKind.StepBound or FindingKind.Leak or FindingKind.ForbiddenOutcome;

    /// <summary>How far a task has come: 0 before it starts, then 1, and one more for each access that it made.
    /// </summary>
    public int PositionOf(int task) => _tasks[task].HasStarted ? 1 + Recorder!.StepsOf(task) : 0;

    /// <summary>Outermost operations of a task that have ended.</summary>
    public int OperationsEndedBy(int task) => _tasks[task].OperationsEnded;

    /// <summary>Outermost operations of a task that have begun.</summary>
    public int OperationsBegunBy(int task)
        => _tasks[task].OperationsEnded + (_tasks[task].Depth > 0 ? 1 : 0);

    /// <summary>Sets <see cref="MachineSettings.OperationLimits"/> for the runs to come.</summary>
    public void Limit(IReadOnlyList<int>? limits)
        => _limits = limits is null || limits.All(limit => limit == MachineSettings.NoLimit) ? null : [.. limits];

    /// <summary>Ends the runs to come after so many accesses, if that is earlier than the plan has it: what goes on for
    /// so long is not worth waiting for.</summary>
    public void EndAfter(int accesses)
        => _accessLimit = Math.Min(
            accesses, _plainAccessesArePoints ? _plan.MaxPoints : _plan.MaxPoints * AccessesPerPoint);

    private void SkipTasksThatNeverStart()
    {
        _isCutting = false;
        for (int i = 0; i < _limits?.Length; i++)
        {
            if (_limits[i] == 0)
            {
                _tasks[i].IsDone = true;
                _ready &= ~_tasks[i].Bit;
            }
        }
    }

    // Only where the task leaves nothing behind: a task that ends with a lock would be a finding of our own making.
    private unsafe void CutAfterOperation()
    {
        ExploredTask task = _current;
        task.OperationsEnded++;
        if (_limits is not null && _limits[task.Number] is > 0 and int limit && task.OperationsEnded >= limit
            && _finding is null && task.HeldCount == 0 && task.Wanted.At == 0 && task.PreemptDepth == 0
            && (*(uint*)_arena.Task(task.Number).RcuNesting.Address & RcuDepthMask) == 0)
        {
            // The next access notices, as when the run is over.
            _isCutting = true;
            _accessesBeforeCut = _accesses;
            _accesses = int.MaxValue - AccessesPerPoint;
        }
    }

    private void EndCut(ExploredTask task)
    {
        _isCutting = false;
        _accesses = _accessesBeforeCut;
        task.Innermost = null;
        _waiting &= ~task.Bit;
    }
}
