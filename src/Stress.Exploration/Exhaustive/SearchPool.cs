using System.Collections.Generic;

namespace Stress.Exploration;

/// <summary>Keeps the parts of a search that are free, so that a run allocates nothing. One for each worker.</summary>
internal sealed class SearchPool
{
    private readonly Stack<SearchNode> _nodes = new();
    private readonly Stack<StepRecord> _steps = new();
    private readonly Stack<WakeupNode> _wakeups = new();

    public SearchNode RentNode(SearchNode? parent, StepRecord? step)
    {
        SearchNode node = _nodes.Count > 0 ? _nodes.Pop() : new SearchNode();
        node.Parent = parent;
        node.Step = step;
        return node;
    }

    public StepRecord RentStep(int task, int label)
    {
        StepRecord step = _steps.Count > 0 ? _steps.Pop() : new StepRecord();
        step.Reset(task, label);
        return step;
    }

    public void Return(StepRecord step) => _steps.Push(step);

    public WakeupNode RentWakeup(StepRecord step)
    {
        WakeupNode node = _wakeups.Count > 0 ? _wakeups.Pop() : new WakeupNode();
        node.Step.CopyFrom(step);
        return node;
    }

    /// <summary>Takes a node back with the steps that were made in it.</summary>
    public void Return(SearchNode node)
    {
        for (int i = node.Inherited; i < node.Sleep.Count; i++)
        {
            _steps.Push(node.Sleep[i]);
        }

        node.Sleep.Clear();
        node.Inherited = 0;
        node.Open = 0;
        if (node.Step is { } own && own != node.Branch)
        {
            _steps.Push(own);
        }

        node.Parent = null;
        node.Step = null;
        node.Branch = null;
        ReturnAll(node.Pending);
        node.Pending = null;
        _nodes.Push(node);
    }

    /// <summary>Takes back one wakeup node; its children live on.</summary>
    public void Return(WakeupNode node)
    {
        node.FirstChild = null;
        node.Next = null;
        _wakeups.Push(node);
    }

    private void ReturnAll(WakeupNode? node)
    {
        while (node is not null)
        {
            WakeupNode? next = node.Next;
            ReturnAll(node.FirstChild);
            Return(node);
            node = next;
        }
    }
}
