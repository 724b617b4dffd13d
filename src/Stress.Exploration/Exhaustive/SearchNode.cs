using System.Collections.Generic;

namespace Stress.Exploration;

/// <summary>A state of the search: what comes after the steps on the way to it.</summary>
/// <remarks>Written by the worker that makes it until it is published; then only under the lock of the tree.</remarks>
internal sealed class SearchNode
{
    /// <summary>The state before the last step; null at the root.</summary>
    public SearchNode? Parent { get; set; }

    /// <summary>The step that leads here; null at the root.</summary>
    public StepRecord? Step { get; set; }

    /// <summary>What stands for that step in <see cref="Sleep"/> of the parent.</summary>
    public StepRecord? Branch { get; set; }

    /// <summary>Steps that need not be made here: all that could follow has been, or is being, seen elsewhere.
    /// Those made here come last, from <see cref="Inherited"/> up, and belong to this node.</summary>
    public List<StepRecord> Sleep { get; } = [];

    /// <summary>How many of <see cref="Sleep"/> come from the parent.</summary>
    public int Inherited { get; set; }

    /// <summary>Steps that are still to be made here, in order.</summary>
    public WakeupNode? Pending { get; set; }

    /// <summary>Steps made here whose search is not over.</summary>
    public int Open { get; set; }

    /// <summary>Whether a step is pending, and of all that were begun here it is known what they touch: otherwise they
    /// could not be told from the pending one.</summary>
    public bool HasSpare
    {
        get
        {
            if (Pending is null)
            {
                return false;
            }

            for (int i = Inherited; i < Sleep.Count; i++)
            {
                if (!Sleep[i].IsKnown)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Steps made here, whether or not their search is over.</summary>
    public int Made => Sleep.Count - Inherited;

    /// <summary>How many of <see cref="Pending"/> there are.</summary>
    public int PendingCount
    {
        get
        {
            int count = 0;
            for (WakeupNode? node = Pending; node is not null; node = node.Next)
            {
                count++;
            }

            return count;
        }
    }
}
