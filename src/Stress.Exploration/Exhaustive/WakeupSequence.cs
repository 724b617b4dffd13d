using System;

namespace Stress.Exploration;

/// <summary>The steps that turn a race round: those that did not happen after its first step, then its second.</summary>
/// <param name="log">The path that the race is on.</param>
/// <param name="recordOf">The record of a step of the path.</param>
internal sealed class WakeupSequence(StepLog log, Func<int, StepRecord> recordOf)
{
    private int[] _steps = new int[64];

    public int Count { get; private set; }

    /// <summary>The second step of the race: it reads something else now.</summary>
    public int Second { get; private set; }

    public int this[int index] => _steps[index];

    /// <summary>Makes it the sequence of a race.</summary>
    public void Take(int first, int second)
    {
        Count = 0;
        Second = second;
        for (int step = first + 1; step < log.Count; step++)
        {
            if (!log.HappensBefore(first, step))
            {
                Add(step);
            }
        }

        Add(second);
    }

    /// <summary>Whether a step could be the first of the sequence, or be put before it, with the same outcome.</summary>
    public bool CanBeginWith(StepRecord record)
    {
        for (int i = 0; i < Count; i++)
        {
            if (log.TaskOf(_steps[i]) == record.Task)
            {
                return recordOf(_steps[i]).Label == record.Label && IsFree(i);
            }
        }

        for (int i = 0; i < Count; i++)
        {
            if (!record.IsIndependentOf(recordOf(_steps[i])))
            {
                return false;
            }
        }

        return true;
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
            if (step == Second ? log.Precedes(_steps[i], step, recordOf(_steps[i]), recordOf(step))
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
