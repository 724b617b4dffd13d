using System;

namespace Stress.Exploration;

/// <summary>The steps that turn a race round: those that did not happen after its first step, then its second.</summary>
/// <param name="log">The path that the race is on.</param>
/// <param name="recordOf">The record of a step of the path.</param>
internal sealed class WakeupSequence(StepLog log, Func<int, StepRecord> recordOf)
{
    private int[] _steps = new int[64];
    private int _last;

    public int Count { get; private set; }

    /// <summary>The last step of the sequence.</summary>
    public StepRecord Last { get; } = new();

    /// <summary>A step of the sequence.</summary>
    public StepRecord At(int index) => _steps[index] == _last ? Last : recordOf(_steps[index]);

    /// <summary>Makes it the sequence of a race.</summary>
    /// <param name="first">The earlier step.</param>
    /// <param name="second">The later one.</param>
    /// <param name="key">When not 0, the sequence ends with the first step again, which now reads this store.</param>
    public void Take(int first, int second, int key)
    {
        Count = 0;
        _last = key == 0 ? second : first;
        Last.CopyFrom(recordOf(_last));
        if (key != 0)
        {
            Last.ReadInstead(key);
        }
        else if (Last.IsLabelledByStore)
        {
            // Another store lies before it now: whichever it is, all are to be seen.
            Last.Label = StepRecord.NoLabel;
        }

        else
        {
            Last.Revise(recordOf(first));
        }

        // What comes after its access may be different now.
        Last.IsKnown = Last.IsSteady && Last.Label != StepRecord.NoLabel;
        for (int step = first + 1; step < log.Count; step++)
        {
            if (!log.HappensBefore(first, step))
            {
                Add(step);
            }
        }

        Add(_last);
    }

    /// <summary>Whether a step could be the first of the sequence, or be put before it, with the same outcome.</summary>
    /// <param name="record">The step.</param>
    /// <param name="isFirstOnly">Whether it must be in the sequence.</param>
    public bool CanBeginWith(StepRecord record, bool isFirstOnly = false)
    {
        for (int i = 0; i < Count; i++)
        {
            if (log.TaskOf(_steps[i]) == record.Task)
            {
                return record.IsLabelled(At(i).Label) && IsFree(i);
            }
        }

        for (int i = 0; i < Count && !isFirstOnly; i++)
        {
            if (!record.IsIndependentOf(At(i)))
            {
                return false;
            }
        }

        return !isFirstOnly;
    }

    /// <summary>Takes out the first step of a task, if there is one.</summary>
    public void Remove(int task)
    {
        for (int i = 0; i < Count; i++)
        {
            if (log.TaskOf(_steps[i]) == task)
            {
                Array.Copy(_steps, i + 1, _steps, i, --Count - i);
                return;
            }
        }
    }

    // Whether nothing before it in the sequence happened before it.
    private bool IsFree(int index)
    {
        int step = _steps[index];
        for (int i = 0; i < index; i++)
        {
            // What lies between the two steps of the race may have come before the second one: it is not here now.
            if (step == _last ? log.PrecedesTask(_steps[i], step) || !At(i).IsIndependentOf(Last)
                : log.HappensBefore(_steps[i], step))
            {
                return false;
            }
        }

        return true;
    }

    private void Add(int step)
    {
        if (Count == _steps.Length)
        {
            Array.Resize(ref _steps, Count * 2);
        }

        _steps[Count++] = step;
    }
}
