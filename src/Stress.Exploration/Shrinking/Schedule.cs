using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Lets one task go on until it has come to a position.</summary>
/// <param name="Task">The task.</param>
/// <param name="Until">Its position: 1 once it has started, and one more for each access that it made.</param>
internal readonly record struct Turn(int Task, int Until)
{
    /// <summary>A turn that lasts until the task ends or has to wait.</summary>
    public static Turn Whole(int task) => new(task, int.MaxValue);
}

/// <summary>An execution as a wish that survives edits: who goes how far in which order, what is drawn, who ends early.
/// </summary>
/// <remarks>Decisions of a trace mean something only behind the decisions before them. These do not: a turn counts the
/// accesses of its own task, and what a task draws is counted for itself too.</remarks>
/// <param name="Turns">In order.</param>
/// <param name="Draws">For each task the choices and events that it drew, in order.</param>
/// <param name="Limits">For each task <see cref="MachineSettings.OperationLimits"/>.</param>
internal sealed record Schedule(IReadOnlyList<Turn> Turns, IReadOnlyList<IReadOnlyList<int>> Draws, IReadOnlyList<int> Limits)
{
    /// <summary>The tasks that may run at all.</summary>
    public IEnumerable<int> Running => Enumerable.Range(0, Limits.Count).Where(task => Limits[task] != 0);

    /// <summary>The same with other turns.</summary>
    public Schedule With(IEnumerable<Turn> turns) => this with { Turns = [.. turns] };

    /// <summary>The same with another limit for one task; without its turns when it is not to start.</summary>
    public Schedule WithLimit(int task, int limit)
    {
        int[] limits = [.. Limits];
        limits[task] = limit;
        return this with
        {
            Limits = limits,
            Turns = limit == 0 ? [.. Turns.Where(turn => turn.Task != task)] : Turns,
        };
    }

    /// <summary>The same with another value for one draw.</summary>
    public Schedule WithDraw(int task, int index, int value)
    {
        int[] drawn = [.. Draws[task]];
        drawn[index] = value;
        return WithDraws(other => other == task ? drawn : Draws[other]);
    }

    /// <summary>The same where nothing but the first choice is made and no event happens.</summary>
    public Schedule WithoutDraws() => WithDraws(_ => []);

    /// <summary>Each task from its beginning to its end, in an order.</summary>
    public Schedule Serial(IEnumerable<int> order) => With(order.Select(Turn.Whole));

    private Schedule WithDraws(Func<int, IReadOnlyList<int>> drawn)
        => this with { Draws = [.. Enumerable.Range(0, Draws.Count).Select(drawn)] };
}
