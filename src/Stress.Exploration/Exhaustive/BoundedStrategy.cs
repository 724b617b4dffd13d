using System;
using System.Numerics;

namespace Stress.Exploration;

/// <summary>Runs every schedule with at most so many preemptions, one after the other.</summary>
/// <remarks>
/// A preemption is a switch away from a task that could have gone on; a switch at a wait or an end is free. Equivalent
/// schedules differ in their preemptions, so they are not left out here. Source: Musuvathi, Qadeer, Iterative Context
/// Bounding for Systematic Testing of Multithreaded Programs, PLDI 2007.
/// </remarks>
/// <param name="preemptions">How many preemptions a schedule may have.</param>
internal sealed class BoundedStrategy(int preemptions) : IStrategy
{
    private Decision[] _decisions = new Decision[64];
    private int _count;
    private int _position;
    private int _used;

    // What was given to this worker to run below; decisions before are not its own.
    private int _first;

    /// <inheritdoc/>
    public string Name => "exhaustive";

    /// <summary>Takes over what lies below the given decisions.</summary>
    public void Start(ReadOnlySpan<int> prefix)
    {
        _count = 0;
        foreach (int decision in prefix)
        {
            Add(new Decision(decision, 0, false));
        }

        _first = _count;
    }

    /// <summary>Begins a run.</summary>
    public void Begin()
    {
        _position = 0;
        _used = 0;
    }

    /// <summary>Goes to the next schedule.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveOn()
    {
        while (_count > _first)
        {
            ref Decision last = ref _decisions[_count - 1];
            if (last.HasMore)
            {
                last = last.Next();
                return true;
            }

            _count--;
        }

        return false;
    }

    /// <summary>Gives away the largest part that this worker has not begun.</summary>
    /// <returns>The decisions that lead to it; null when there is none.</returns>
    public int[]? Split()
    {
        for (int i = _first; i < _count; i++)
        {
            if (_decisions[i].HasMore)
            {
                int[] prefix = new int[i + 1];
                for (int j = 0; j < i; j++)
                {
                    prefix[j] = _decisions[j].Value;
                }

                prefix[i] = _decisions[i].Last;
                _decisions[i] = _decisions[i].WithoutLast();
                return prefix;
            }
        }

        return null;
    }

    /// <summary>The part of this worker's search that is over, were all branches alike.</summary>
    public double Progress()
    {
        double over = 0;
        double weight = 1;
        for (int i = _first; i < _count; i++)
        {
            weight /= _decisions[i].Made + _decisions[i].Left;
            over += weight * (_decisions[i].Made - 1);
        }

        return over;
    }

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current)
    {
        uint own = 1u << current;
        bool canGoOn = (enabled & own) != 0;
        if (_position == _count)
        {
            uint others = canGoOn && _used == preemptions ? 0 : enabled & ~own;
            int first = canGoOn ? current : BitOperations.TrailingZeroCount(others);
            Add(new Decision(first, others & ~(1u << first), false));
        }

        int task = _decisions[_position++].Value;
        _used += canGoOn && task != current ? 1 : 0;
        return task;
    }

    /// <inheritdoc/>
    public int NextChoice(int count)
    {
        if (_position == _count)
        {
            Add(new Decision(0, (uint)(count - 1), true));
        }

        return _decisions[_position++].Value;
    }

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => NextChoice(2) == 1;

    private void Add(Decision decision)
    {
        if (_count == _decisions.Length)
        {
            Array.Resize(ref _decisions, _count * 2);
        }

        _decisions[_count++] = decision;
    }

    // One decision and those that are still to be made in its place: tasks as a mask, or how many numbers.
    private readonly record struct Decision(int Value, uint Rest, bool IsChoice, int Made = 1)
    {
        public bool HasMore => Rest != 0;

        public int Left => IsChoice ? (int)Rest : BitOperations.PopCount(Rest);

        public Decision Next() => IsChoice
            ? this with { Value = Value + 1, Rest = Rest - 1, Made = Made + 1 }
            : this with { Value = BitOperations.TrailingZeroCount(Rest), Rest = Rest & (Rest - 1), Made = Made + 1 };

        public int Last => IsChoice ? Value + (int)Rest : BitOperations.Log2(Rest);

        public Decision WithoutLast() => this with { Rest = IsChoice ? Rest - 1 : Rest & ~(1u << Last) };
    }
}
