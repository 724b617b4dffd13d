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
    private int[] _conflicts = new int[16];
    private int _conflictCount;

    /// <summary>Steps on the path.</summary>
    public int Count { get; private set; }

    public int TaskOf(int step) => _steps[step].Task;

    /// <summary>Whether one step happened before another that is later on the path.</summary>
    public bool HappensBefore(int earlier, int later)
        => _clocks[(later * tasks) + _steps[earlier].Task] >= _steps[earlier].Position;

    /// <summary>Whether one step happened before what the task of another one had done before it.</summary>
    public bool PrecedesTask(int earlier, int later)
    {
        int before = _steps[later].BeforeOfTask;
        return before != None && earlier <= before && HappensBefore(earlier, before);
    }

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
            FindConflicts(touch);
        }

        if (races is not null)
        {
            AddRaces(step, record, races);
        }

        for (int i = 0; i < _conflictCount; i++)
        {
            Join(clock, _conflicts[i]);
        }

        clock[task] = _stepsOf[task];
        if (races is not null)
        {
            foreach (ref readonly Touch touch in record.Touched)
            {
                FindReaders(step, touch, races);
            }
        }

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

    private void FindConflicts(in Touch touch)
    {
        if (touch.Kind == TouchKind.WeakRead)
        {
            FindSource(touch);
            return;
        }

        int covered = 0;
        for (int i = _lastTouch[touch.Place]; i != None && (covered & touch.Bytes) != touch.Bytes;
             i = _touches[i].Earlier)
        {
            ref Touch other = ref _touches[i];
            if ((other.Bytes & touch.Bytes & ~covered) == 0 || other.Kind == TouchKind.WeakRead)
            {
                continue;
            }

            if (other.Kind == TouchKind.Write)
            {
                covered |= other.Bytes;
                AddConflict(_ownerOf[i]);
            }
            else if (touch.Kind == TouchKind.Write)
            {
                AddConflict(_ownerOf[i]);
            }
        }
    }

    // The store that a read sees came before it, and cannot come after it.
    private void FindSource(in Touch touch)
    {
        for (int i = _lastTouch[touch.Place]; i != None; i = _touches[i].Earlier)
        {
            if (touch.ConflictsWith(_touches[i]))
            {
                AddConflict(_ownerOf[i]);
                return;
            }
        }
    }

    // Whoever read another store could have read this one, had it been there.
    private void FindReaders(int step, in Touch touch, RaceList races)
    {
        if (touch.Kind != TouchKind.Write || touch.Key == 0)
        {
            return;
        }

        for (int i = _lastTouch[touch.Place]; i != None; i = _touches[i].Earlier)
        {
            ref Touch other = ref _touches[i];
            if (other.Kind == TouchKind.WeakRead && (other.Bytes & touch.Bytes) != 0
                && !HappensBefore(_ownerOf[i], step) && other.IsOverWith(touch.After))
            {
                races.Add(_ownerOf[i], step, touch.Key);
            }
        }
    }

    private void AddConflict(int step)
    {
        for (int i = 0; i < _conflictCount; i++)
        {
            if (_conflicts[i] == step)
            {
                return;
            }
        }

        if (_conflictCount == _conflicts.Length)
        {
            Array.Resize(ref _conflicts, _conflictCount * 2);
        }

        _conflicts[_conflictCount++] = step;
    }

    // A race: nothing else lies between the two, so they could as well come in the other order.
    private void AddRaces(int step, StepRecord record, RaceList races)
    {
        for (int i = 0; i < _conflictCount; i++)
        {
            int other = _conflicts[i];
            if (_steps[other].Task != _steps[step].Task && !PrecedesTask(other, step) && !IsBehindAnother(other)
                && CanTurn(other, record))
            {
                races.Add(other, step);
            }
        }

        foreach (ref readonly Touch touch in record.Touched)
        {
            if (touch.Wait != AccessOp.None && touch.Kind != TouchKind.WeakRead)
            {
                AddHeldUp(step, touch, record, races);
            }
        }
    }

    // Who let the step go on cannot come after it. Who made it wait can.
    private void AddHeldUp(int step, in Touch touch, StepRecord record, RaceList races)
    {
        for (int i = _lastTouch[touch.Place]; i != None; i = _touches[i].Earlier)
        {
            int other = _ownerOf[i];
            if (_touches[i].Kind != TouchKind.Write || (_touches[i].Bytes & touch.Bytes) == 0)
            {
                continue;
            }

            if (PrecedesTask(other, step))
            {
                return;
            }

            if (CanTurn(other, record))
            {
                if (IsBehindAnother(other))
                {
                    races.Add(other, step);
                }

                return;
            }
        }
    }

    // Whether a step would not have to wait before another one, all that came after that one being undone.
    private bool CanTurn(int before, StepRecord record)
    {
        foreach (ref readonly Touch touch in record.Touched)
        {
            bool isOver = true;
            int last = touch.Wait == AccessOp.None ? None : _lastTouch[touch.Place];
            for (int i = last; i != None && _ownerOf[i] >= before; i = _touches[i].Earlier)
            {
                ref Touch other = ref _touches[i];
                if (other.Kind == TouchKind.Write && (other.Bytes & touch.Bytes) != 0
                    && (_ownerOf[i] == before || HappensBefore(before, _ownerOf[i])))
                {
                    isOver = touch.IsOverWith(other.Before);
                }
            }

            if (!isOver)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsBehindAnother(int step)
    {
        for (int i = 0; i < _conflictCount; i++)
        {
            if (_conflicts[i] > step && HappensBefore(step, _conflicts[i]))
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
