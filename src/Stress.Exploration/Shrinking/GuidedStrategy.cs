using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Stress.Exploration;

/// <summary>Follows a <see cref="Schedule"/> as far as it goes, and takes note of what was really done.</summary>
/// <remarks>
/// A turn whose task ended or has to wait is over. Behind the last turn the task that runs goes on, and when it cannot,
/// the one of the lowest number does. Tasks beyond their limit, on a machine that does not enforce it, come last of all.
/// </remarks>
internal class GuidedStrategy : IStrategy
{
    private readonly Schedule _schedule;
    private readonly List<Turn> _turns = [];
    private readonly List<int>[] _draws;
    private readonly List<Turn> _operationEnds = [];
    private readonly int[] _operations;
    private int _turn;

    /// <param name="machine">The machine that asks.</param>
    /// <param name="schedule">What to follow.</param>
    public GuidedStrategy(ExploredMachine machine, Schedule schedule)
    {
        Machine = machine;
        _schedule = schedule;
        _operations = new int[schedule.Limits.Count];
        _draws = [.. schedule.Limits.Select(_ => new List<int>())];
    }

    /// <inheritdoc/>
    public string Name => "guided";

    /// <summary>Switches away from a task that could have gone on.</summary>
    public int Preemptions { get; private set; }

    /// <summary>Positions at which a task had just ended an operation and others could have gone on.</summary>
    public IReadOnlyList<Turn> OperationEnds => _operationEnds;

    /// <summary>What was done: followed on the same machine, it is done again.</summary>
    public Schedule Made => new(_turns, _draws, _schedule.Limits);

    protected ExploredMachine Machine { get; }

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current)
    {
        if (Machine.OperationsEndedBy(current) > _operations[current])
        {
            _operations[current] = Machine.OperationsEndedBy(current);
            _operationEnds.Add(new Turn(current, Machine.PositionOf(current)));
        }

        int task = Pick(enabled, current);
        Preemptions += task != current && (enabled & (1u << current)) != 0 && IsPreemptible(current) ? 1 : 0;
        Note(task);
        return task;
    }

    /// <inheritdoc/>
    public int NextChoice(int count)
    {
        int task = Machine.Current.Number;
        int choice = Draw(task, _draws[task].Count, count);
        _draws[task].Add(choice);
        return choice;
    }

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => NextChoice(2) == 1;

    /// <summary>Picks who makes the next access.</summary>
    protected virtual int Pick(uint enabled, int current)
    {
        for (; _turn < _schedule.Turns.Count; _turn++)
        {
            (int task, int until) = _schedule.Turns[_turn];
            if ((enabled & (1u << task)) != 0 && Machine.PositionOf(task) < until && !IsBeyondLimit(task))
            {
                return task;
            }
        }

        uint willing = enabled;
        for (uint rest = enabled; rest != 0; rest &= rest - 1)
        {
            int task = BitOperations.TrailingZeroCount(rest);
            willing &= IsBeyondLimit(task) ? ~(1u << task) : uint.MaxValue;
        }

        willing = willing == 0 ? enabled : willing;
        return (willing & (1u << current)) != 0 ? current : BitOperations.TrailingZeroCount(willing);
    }

    /// <summary>Draws a number.</summary>
    /// <param name="task">For whom.</param>
    /// <param name="index">How many it drew before.</param>
    /// <param name="count">One more than the highest.</param>
    protected virtual int Draw(int task, int index, int count)
    {
        IReadOnlyList<int> wished = _schedule.Draws[task];
        return index < wished.Count && wished[index] < count ? wished[index] : 0;
    }

    /// <summary>Whether choosing another task instead is a preemption: nobody interrupts what has not begun.</summary>
    protected bool IsPreemptible(int task) => Machine.PositionOf(task) > 0;

    private bool IsBeyondLimit(int task)
        => _schedule.Limits[task] is >= 0 and int limit && Machine.OperationsEndedBy(task) >= limit;

    private void Note(int task)
    {
        if (_turns.Count > 0)
        {
            if (_turns[^1].Task == task)
            {
                return;
            }

            _turns[^1] = new Turn(_turns[^1].Task, Machine.PositionOf(_turns[^1].Task));
        }

        _turns.Add(Turn.Whole(task));
    }
}

/// <summary>Takes note of a recording while it is repeated.</summary>
internal sealed class NotingStrategy(ExploredMachine machine, Schedule limited, ReplayStrategy recording)
    : GuidedStrategy(machine, limited)
{
    protected override int Pick(uint enabled, int current) => recording.NextTask(enabled, current);

    protected override int Draw(int task, int index, int count) => recording.NextChoice(count);
}

/// <summary>Makes the runs of a <see cref="BoundedTree"/>, with the draws of a schedule.</summary>
internal sealed class TreeStrategy(ExploredMachine machine, Schedule schedule, BoundedTree tree)
    : GuidedStrategy(machine, schedule)
{
    protected override int Pick(uint enabled, int current) => tree.Pick(enabled, current, IsPreemptible(current));
}
