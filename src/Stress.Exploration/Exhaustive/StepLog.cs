using System;

namespace Stress.Exploration;

/// <summary>The steps of the running path with what they touched, and which of them happened before which.</summary>
/// <remarks>
/// A step happens before another when it is an earlier one of the same task, or an earlier one that conflicts with it,
/// and transitively. Kept as vector clocks: for each step, how many steps of each task happened before it or are it.
/// A stack: a path that turns back takes off what it leaves. Source of the relation: Mazurkiewicz traces.
/// </remarks>
/// <param name="tasks">How many tasks there are.</param>
/// <param name="places">How many places there are.</param>
internal sealed class StepLog(int tasks, int places)
{
    private const int None = -1;

    private readonly int[] _lastTouch = Filled(places, None);
    private readonly int[] _lastStep = Filled(tasks, None);
    private readonly int[] _stepsOf = new int[tasks];

    private Touch[] _touches = new Touch[256];
    private int[] _ownerOf = new int[256];
    private int _touchCount;

    private Step[] _steps = new Step[64];
    private int[] _clocks = new int[64 * tasks];
    private (int Step, bool CanTurn)[] _conflicts = new (int, bool)[16];
    private int _conflictCount;

    /// <summary>Steps on the path.</summary>
    public int Count { get; private set; }

    public int TaskOf(int step) => _steps[step].Task;

    /// <summary>Whether one step happened before another that is later on the path.</summary>
    public bool HappensBefore(int earlier, int later)
        => _clocks[(later * tasks) + _steps[earlier].Task] >= _steps[earlier].Position;

    /// <summary>Whether one step happened before another of the same path by what its task had done before alone, or
    /// conflicts with it directly.</summary>
    public bool Precedes(int earlier, int later, StepRecord earlierRecord, StepRecord laterRecord)
        => HappensBeforeTask(earlier, later) || !earlierRecord.IsIndependentOf(laterRecord);

    /// <summary>Puts a step on the path.</summary>
    /// <param name="record">The step.</param>
    /// <param name="races">Is given the earlier steps that the step races with; null when nobody asks.</param>
    public void Push(StepRecord record, RaceList? races)
    {
        int step = Count++;
        if (step == _steps.Length)
        {
            Array.Resize(ref _steps, step * 2);
            Array.Resize(ref _clocks, step * 2 * tasks);
        }

        int task = record.Task;
        int before = _lastStep[task];
        _steps[step] = new Step(task, ++_stepsOf[task], before, _touchCount);
        Span<int> clock = _clocks.AsSpan(step * tasks, tasks);
        if (before == None)
        {
            clock.Clear();
        }
        else
        {
            _clocks.AsSpan(before * tasks, tasks).CopyTo(clock);
        }

        _conflictCount = 0;
        foreach (ref readonly Touch touch in record.Touched)
        {
            FindConflicts(step, touch, races);
        }

        if (races is not null)
        {
            AddRaces(step, races);
        }

        for (int i = 0; i < _conflictCount; i++)
        {
            Join(clock, _conflicts[i].Step);
        }

        clock[task] = _stepsOf[task];
        _lastStep[task] = step;
        foreach (ref readonly Touch touch in record.Touched)
        {
            PushTouch(step, touch);
        }
    }

    /// <summary>Takes steps off the path until so many are left.</summary>
    public void Truncate(int count)
    {
        while (Count > count)
        {
            ref Step step = ref _steps[--Count];
            while (_touchCount > step.FirstTouch)
            {
                ref Touch touch = ref _touches[--_touchCount];
                _lastTouch[touch.Place] = touch.Earlier;
            }

            _stepsOf[step.Task]--;
            _lastStep[step.Task] = step.BeforeOfTask;
        }
    }

    private static int[] Filled(int length, int value)
    {
        int[] made = new int[length];
        Array.Fill(made, value);
        return made;
    }

    // As HappensBefore, but without what the later step itself touched.
    private bool HappensBeforeTask(int earlier, int later)
    {
        int before = _steps[later].BeforeOfTask;
        return before != None && HappensBefore(earlier, before);
    }

    private void FindConflicts(int step, in Touch touch, RaceList? races)
    {
        int covered = 0;
        bool wasOver = true;
        for (int i = _lastTouch[touch.Place]; i != None; i = _touches[i].Earlier)
        {
            ref Touch other = ref _touches[i];
            if ((other.Bytes & touch.Bytes) == 0)
            {
                continue;
            }

            if ((covered & touch.Bytes) != touch.Bytes)
            {
                if ((other.Bytes & touch.Bytes & ~covered) != 0 && (other.Kind | touch.Kind) == TouchKind.Write)
                {
                    bool canTurn = other.Kind == TouchKind.Read || touch.IsOverWith(other.Before);
                    AddConflict(_ownerOf[i], canTurn);
                    wasOver &= canTurn;
                }

                covered |= other.Kind == TouchKind.Write ? other.Bytes : 0;
                continue;
            }

            // What the step waited for was brought about by the last write. Whoever made it wait can come after it.
            if (wasOver || races is null || (other.Kind == TouchKind.Write && HappensBeforeTask(_ownerOf[i], step)))
            {
                return;
            }

            if (other.Kind == TouchKind.Write && touch.IsOverWith(other.Before))
            {
                races.Add(_ownerOf[i], step);
                return;
            }
        }
    }

    private void AddConflict(int step, bool canTurn)
    {
        for (int i = 0; i < _conflictCount; i++)
        {
            if (_conflicts[i].Step == step)
            {
                _conflicts[i].CanTurn &= canTurn;
                return;
            }
        }

        if (_conflictCount == _conflicts.Length)
        {
            Array.Resize(ref _conflicts, _conflictCount * 2);
        }

        _conflicts[_conflictCount++] = (step, canTurn);
    }

    // A race: nothing else lies between the two, so they could as well come in the other order.
    private void AddRaces(int step, RaceList races)
    {
        for (int i = 0; i < _conflictCount; i++)
        {
            (int other, bool canTurn) = _conflicts[i];
            if (canTurn && _steps[other].Task != _steps[step].Task && !HappensBeforeTask(other, step)
                && !IsBehindAnother(other))
            {
                races.Add(other, step);
            }
        }
    }

    private bool IsBehindAnother(int step)
    {
        for (int i = 0; i < _conflictCount; i++)
        {
            if (_conflicts[i].Step > step && HappensBefore(step, _conflicts[i].Step))
            {
                return true;
            }
        }

        return false;
    }

    private void Join(Span<int> clock, int step)
    {
        ReadOnlySpan<int> other = _clocks.AsSpan(step * tasks, tasks);
        for (int i = 0; i < clock.Length; i++)
        {
            clock[i] = Math.Max(clock[i], other[i]);
        }
    }

    private void PushTouch(int step, in Touch touch)
    {
        if (_touchCount == _touches.Length)
        {
            Array.Resize(ref _touches, _touchCount * 2);
            Array.Resize(ref _ownerOf, _touchCount * 2);
        }

        ref Touch pushed = ref _touches[_touchCount];
        pushed = touch;
        pushed.Earlier = _lastTouch[touch.Place];
        _ownerOf[_touchCount] = step;
        _lastTouch[touch.Place] = _touchCount++;
    }

    private readonly record struct Step(int Task, int Position, int BeforeOfTask, int FirstTouch);
}
