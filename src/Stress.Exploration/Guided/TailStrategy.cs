using System;
using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Strict priorities that change inside the operations that a <see cref="Guide"/> names.</summary>
/// <remarks>
/// As <see cref="PctStrategy"/>, with two differences. The first priorities are those of the guide in every other run,
/// so that a task whose operation stood open on real threads comes first and is preempted by those that ended theirs.
/// And a change falls on a decision of a task inside a named operation, not on any decision of the run: schedules that
/// leave all of them alone are not tried.
/// </remarks>
internal sealed class TailStrategy(ExploredMachine machine, Guide guide) : IStrategy
{
    private const int MinDepth = 2;
    private const int MaxDepth = 6;

    private readonly string[][] _operations = guide.Operations(machine.Plan.Tasks.Count);
    private readonly int[] _order = guide.Order(machine.Plan.Tasks.Count);
    private readonly int[] _priority = new int[machine.Plan.Tasks.Count];
    private readonly (int Task, int At)[] _changes = new (int, int)[MaxDepth - 1];

    // Decisions of each task inside: in this run, and the most that was measured.
    private readonly int[] _inside = new int[machine.Plan.Tasks.Count];
    private readonly int[] _longest = new int[machine.Plan.Tasks.Count];
    private Xoshiro256 _random;
    private int _depth = 1;
    private int _lowered;

    public string Name => $"guided({_depth})";

    /// <summary>Whether runs are only made to see how long tasks are inside.</summary>
    public bool IsMeasuring { get; set; }

    /// <summary>Whether any task of the plan has been seen inside an operation that the guide names.</summary>
    public bool KnowsWhere => _longest.AsSpan().ContainsAnyExcept(0);

    /// <summary>Starts a run.</summary>
    public void Begin(Xoshiro256 random, long schedule)
    {
        _random = random;
        _lowered = 0;
        _inside.AsSpan().Clear();
        bool isShuffled = schedule % 2 == 1;
        for (int i = 0; i < _order.Length; i++)
        {
            int other = isShuffled ? (int)_random.Next((uint)i + 1) : i;
            _priority[_order[i]] = _priority[_order[other]];
            _priority[_order[other]] = MaxDepth + _order.Length - i;
        }

        _depth = !IsMeasuring ? MinDepth + (int)(schedule / 2 % (MaxDepth - MinDepth + 1)) : 1;
        for (int i = 0; i < _depth - 1; i++)
        {
            int task = (int)_random.Next((uint)_longest.Length);
            while (_longest[task] == 0)
            {
                task = (task + 1) % _longest.Length;
            }

            _changes[i] = (task, 1 + (int)_random.Next((uint)_longest[task]));
        }
    }

    public int NextTask(uint enabled, int current)
    {
        if (IsInside(current))
        {
            int inside = ++_inside[current];
            _longest[current] = IsMeasuring ? Math.Max(_longest[current], inside) : _longest[current];
            for (int i = 0; i < _depth - 1; i++)
            {
                if (_changes[i] == (current, inside))
                {
                    // Later changes fall lower, so that the last one lowered is the last to run.
                    _priority[current] = _depth - ++_lowered;
                }
            }
        }

        int best = BitOperations.TrailingZeroCount(enabled);
        for (uint rest = enabled & (enabled - 1); rest != 0; rest &= rest - 1)
        {
            int task = BitOperations.TrailingZeroCount(rest);
            best = _priority[task] > _priority[best] ? task : best;
        }

        return best;
    }

    public int NextChoice(int count) => (int)_random.Next((uint)count);

    public bool NextEvent(int oneIn) => _random.Next((uint)oneIn) == 0;

    private bool IsInside(int task)
    {
        string operation = machine.Current.Operation;
        foreach (string named in _operations[task])
        {
            if (named == operation)
            {
                return true;
            }
        }

        return false;
    }
}
