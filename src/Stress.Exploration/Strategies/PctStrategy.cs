using System;
using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Probabilistic concurrency testing: random priorities, changed at a few random points.</summary>
/// <remarks>
/// The task of the highest priority runs whenever it can. At each of depth − 1 points, drawn uniformly from the run's
/// expected decisions, the running task falls below all others. A bug of depth d in a run of n tasks and k decisions is
/// found with a probability of at least 1 / (n · k^(d−1)). Source: Burckhardt, Kothari, Musuvathi, Nagarakatte,
/// A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010, section 3. Deviation: k counts
/// decisions between at least two tasks, not instructions, and is measured on a few random runs beforehand.
/// </remarks>
public sealed class PctStrategy : IStrategy
{
    private const int MaxTasks = 32;
    private const int MaxDepth = 16;

    // Every task has another one: from MaxDepth upward at first, below it once it was lowered.
    private readonly int[] _priority = new int[MaxTasks];

    // Depth − 1 of them, ascending; two may fall together.
    private readonly int[] _changeAt = new int[MaxDepth];

    private Xoshiro256 _random;
    private int _changes;
    private int _nextChange;
    private int _decisions;

    /// <summary>The depth of bugs that it looks for: ordering constraints, 1 to 16.</summary>
    public int Depth { get; private set; } = 3;

    /// <inheritdoc/>
    public string Name => $"pct({Depth})";

    /// <summary>Starts a run.</summary>
    /// <param name="random">A generator of its own.</param>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="depth">The depth of bugs to look for: 1 to 16.</param>
    /// <param name="expectedDecisions">How many decisions a run takes: at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public void Begin(Xoshiro256 random, int tasks, int depth, int expectedDecisions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tasks, MaxTasks);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, MaxDepth);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedDecisions, 1);
        _random = random;
        Depth = depth;
        _decisions = 0;
        _nextChange = 0;
        _changes = depth - 1;
        for (int i = 0; i < tasks; i++)
        {
            int other = (int)_random.Next((uint)i + 1);
            _priority[i] = _priority[other];
            _priority[other] = MaxDepth + i;
        }

        for (int i = 0; i < _changes; i++)
        {
            _changeAt[i] = (int)_random.Next((uint)expectedDecisions);
        }

        Array.Sort(_changeAt, 0, _changes);
    }

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current)
    {
        while (_nextChange < _changes && _decisions >= _changeAt[_nextChange])
        {
            // Later changes fall lower, so that the last one lowered is the last to run.
            _priority[current] = _changes - ++_nextChange;
        }

        _decisions++;
        int best = BitOperations.TrailingZeroCount(enabled);
        for (uint rest = enabled & (enabled - 1); rest != 0; rest &= rest - 1)
        {
            int task = BitOperations.TrailingZeroCount(rest);
            best = _priority[task] > _priority[best] ? task : best;
        }

        return best;
    }

    /// <inheritdoc/>
    public int NextChoice(int count) => (int)_random.Next((uint)count);

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => _random.Next((uint)oneIn) == 0;
}
