using System.Collections.Generic;
using System.Numerics;

namespace Stress.Exploration;

/// <summary>Enumerates, depth first, the runs with at most so many preemptions, one run after the other.</summary>
/// <remarks>Where nobody is preempted, because the task that ran has ended or waits, every task is tried.</remarks>
internal sealed class BoundedTree(int bound)
{
    private readonly List<Fork> _path = [];
    private int _depth;
    private bool _hasBegun;

    /// <summary>Starts the next run.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Advance()
    {
        if (_hasBegun)
        {
            // The tail behind the last fork that was met belongs to an earlier run.
            _path.RemoveRange(_depth, _path.Count - _depth);
            while (_path.Count > 0 && Next(_path[^1]) is var next && next < 0)
            {
                _path.RemoveAt(_path.Count - 1);
            }

            if (_path.Count == 0)
            {
                return false;
            }

            _path[^1] = _path[^1] with { Chosen = Next(_path[^1]) };
        }

        _hasBegun = true;
        _depth = 0;
        return true;
    }

    /// <summary>Picks a task in the run that was started.</summary>
    public int Pick(uint enabled, int current, bool isPreemptible)
    {
        if (_depth == _path.Count)
        {
            int preemptions = _depth == 0 ? 0 : _path[_depth - 1].PreemptionsAfter;
            bool goesOn = isPreemptible && (enabled & (1u << current)) != 0;
            _path.Add(new Fork(
                enabled, goesOn ? current : -1, goesOn ? current : BitOperations.TrailingZeroCount(enabled), preemptions));
        }

        return _path[_depth++].Chosen;
    }

    // The task that goes on is tried first, then the others in their order.
    private int Next(Fork fork)
    {
        if (fork.Current >= 0 && fork.Preemptions >= bound)
        {
            return -1;
        }

        uint left = fork.Chosen == fork.Current ? fork.Enabled : fork.Enabled & ~((2u << fork.Chosen) - 1);
        left &= fork.Current < 0 ? uint.MaxValue : ~(1u << fork.Current);
        return left == 0 ? -1 : BitOperations.TrailingZeroCount(left);
    }

    /// <summary>A decision of the run.</summary>
    /// <param name="Enabled">Who could be chosen.</param>
    /// <param name="Current">Who would be preempted; -1 for nobody.</param>
    /// <param name="Chosen">Who was.</param>
    /// <param name="Preemptions">Preemptions before it.</param>
    private readonly record struct Fork(uint Enabled, int Current, int Chosen, int Preemptions)
    {
        public int PreemptionsAfter => Preemptions + (Current >= 0 && Chosen != Current ? 1 : 0);
    }
}
