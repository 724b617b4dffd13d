using System;

namespace Stress.Exploration;

// What a task draws, and which store an access uses: a label of its step, and every label is run.
internal sealed partial class ExhaustiveStrategy
{
    /// <inheritdoc/>
    public override int NextChoice(int count)
    {
        if (_open is not { } step)
        {
            // Made again, or alone before the tasks begin.
            return _depth > 0 ? Math.Max(0, _path[_depth].Step!.Label) : 0;
        }

        SearchNode node = _path[_depth - 1];
        step.Labels = count;
        lock (_depth - 1 == _branch ? _tree.Guard : this)
        {
            ChooseLabel(node, step, s_numbers.AsSpan(0, count));
        }

        return step.Label;
    }

    /// <inheritdoc/>
    public override int NextStore(ReadOnlySpan<int> keys)
    {
        StepRecord step = _open ?? _path[_depth].Step!;
        if (_open is not null)
        {
            SearchNode node = _path[_depth - 1];
            step.Labels = int.MaxValue;
            lock (_depth - 1 == _branch ? _tree.Guard : this)
            {
                ChooseLabel(node, step, keys);
            }
        }

        int index = keys.IndexOf(step.Label);
        if (index < 0)
        {
            // A sequence wants a store that cannot be used after all.
            _isAbandoned = true;
            return 0;
        }

        return index;
    }

    private void ChooseLabel(SearchNode node, StepRecord step, ReadOnlySpan<int> labels)
    {
        for (int i = 0; step.Label == StepRecord.NoLabel && i < labels.Length; i++)
        {
            step.Label = IsTaken(node, step.Task, labels[i]) ? StepRecord.NoLabel : labels[i];
        }

        if (step.Label == StepRecord.NoLabel)
        {
            _isAbandoned = true;
            step.Label = labels[0];
            return;
        }

        foreach (int label in labels)
        {
            if (label != step.Label && !IsTaken(node, step.Task, label))
            {
                WakeupNode other = _pool.RentWakeup(step);
                other.Step.Reset(step.Task, label);
                other.Step.Labels = step.Labels;
                Append(node, null, other);
            }
        }
    }

    private delegate ReadOnlySpan<int> Keys(int task);

    // With all its labels.
    private static bool IsAsleep(SearchNode node, int task, ReadOnlySpan<int> keys)
    {
        if (!keys.IsEmpty)
        {
            foreach (int key in keys)
            {
                if (!IsAsleep(node, task, key))
                {
                    return false;
                }
            }

            return true;
        }

        int count = 0;
        int labels = 1;
        foreach (StepRecord step in node.Sleep)
        {
            if (step.Task == task)
            {
                count++;
                labels = step.Labels;
            }
        }

        return count >= labels;
    }

    private static bool IsTaken(SearchNode node, int task, int label)
        => IsAsleep(node, task, label) || IsPending(node, task, label);

    private static bool IsAsleep(SearchNode node, int task, int label)
    {
        foreach (StepRecord step in node.Sleep)
        {
            if (step.Task == task && step.Label == label)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPending(SearchNode node, int task, int label)
    {
        for (WakeupNode? pending = node.Pending; pending is not null; pending = pending.Next)
        {
            if (pending.Step.Task == task && pending.Step.Label == label)
            {
                return true;
            }
        }

        return false;
    }
}
