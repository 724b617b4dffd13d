using System;

namespace Stress.Exploration;

// Where the search stands: what is entered, what is left, and where it goes on.
internal sealed partial class ExhaustiveStrategy
{
    private static void Append(SearchNode node, WakeupNode? parent, WakeupNode added)
    {
        WakeupNode? last = parent is null ? node.Pending : parent.FirstChild;
        while (last?.Next is not null)
        {
            last = last.Next;
        }

        if (last is not null)
        {
            last.Next = added;
        }
        else if (parent is null)
        {
            node.Pending = added;
        }
        else
        {
            parent.FirstChild = added;
        }
    }

    // Enters the sequence at a state, unless what was or will be searched there covers it.
    private void Insert(int depth)
    {
        SearchNode node = _path[depth];
        foreach (StepRecord step in node.Sleep)
        {
            // What began before that search was over cannot rely on all that it may still enter here.
            bool isOver = step.Ended <= _path[step.Depth + 1].Branch!.Begun;
            if (_sequence.CanBeginWith(step, isFirstOnly: !isOver))
            {
                return;
            }
        }

        WakeupNode? parent = null;
        WakeupNode? child = node.Pending;
        while (child is not null)
        {
            if (!_sequence.CanBeginWith(child.Step))
            {
                child = child.Next;
                continue;
            }

            if (child.FirstChild is null)
            {
                return;
            }

            _sequence.Remove(child.Step.Task);
            parent = child;
            child = child.FirstChild;
        }

        for (int i = 0; i < _sequence.Count; i++)
        {
            WakeupNode added = _pool.RentWakeup(_sequence.At(i));
            Append(node, parent, added);
            parent = added;
        }
    }

    // Leaves the states where nothing is left to do; the first above where something is, or null.
    private SearchNode? Above()
    {
        bool isOver = true;
        for (int i = _length - 1; i >= 0; i--)
        {
            SearchNode node = _path[i];
            if (node.HasSpare)
            {
                _length = i + 1;
                return node;
            }

            isOver &= node.Open == 0 && node.Pending is null;
            if (isOver && i > 0)
            {
                _path[i - 1].Open--;
                node.Branch!.Ended = _tree.Tick();
                _pool.Return(node);
            }
        }

        // Others may take states of this path apart from now on.
        _length = 0;
        return null;
    }

    private void GoTo(SearchNode node)
    {
        int depth = 0;
        for (SearchNode? above = node.Parent; above is not null; above = above.Parent)
        {
            depth++;
        }

        if (depth < _length && _path[depth] == node)
        {
            _log.Truncate(depth);
        }
        else
        {
            _log.Truncate(0);
            while (_path.Length <= depth)
            {
                Array.Resize(ref _path, _path.Length * 2);
            }

            SearchNode? above = node;
            for (int i = depth; i >= 0; i--)
            {
                _path[i] = above!;
                above = above!.Parent;
            }

            for (int i = 0; i < depth; i++)
            {
                _log.Push(StepAt(i), null);
            }
        }

        _branch = depth;
        _length = depth + 1;
    }

    // From now on the step counts as made: others rely on this worker for all that follows it.
    private void BeginBranch(SearchNode node)
    {
        _asleepAtBranch.Clear();
        foreach (StepRecord step in node.Sleep)
        {
            if (step.IsKnown)
            {
                _asleepAtBranch.Add(step);
            }
        }

        _atBranch = _pool.RentStep(0, 0);
        _atBranch.CopyFrom(_next!.Step);
        _atBranch.Depth = _branch;
        _atBranch.Begun = _tree.Tick();
        node.Sleep.Add(_atBranch);
        node.Open++;
    }
}
