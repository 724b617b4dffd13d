using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Who waits for whom, once nobody can go on.</summary>
internal sealed class WaitGraph(ExploredMachine machine, IReadOnlyList<ExploredTask> tasks)
{
    /// <summary>What that is, and the waits in words; the same for the same waits in any order of events.</summary>
    public (FindingKind Kind, string Text) Judge()
    {
        List<ExploredTask> stuck = [.. tasks.Where(task => !task.IsDone && !IsIdle(task))];
        if (stuck.Count == 0)
        {
            stuck = [.. tasks.Where(task => !task.IsDone)];
        }

        List<Wait> waits = [.. stuck.Select(WaitOf)];
        string text = string.Join("; ", waits.Select(wait => wait.Text));
        if (waits.Any(wait => ReachesItself(wait, waits)))
        {
            return (FindingKind.Deadlock, text);
        }

        if (waits.Any(wait => wait.IsForReader))
        {
            return (FindingKind.RcuStall, text);
        }

        return waits.All(wait => wait.IsParked && wait.For.Count == 0 || wait.For.Count > 0)
            && waits.Any(wait => wait.IsParked && wait.For.Count == 0)
            ? (FindingKind.MissedWakeup, text) : (FindingKind.Deadlock, text);
    }

    /// <summary>What one task waits for, in words.</summary>
    public string Describe(ExploredTask task) => WaitOf(task).Text;

    private static bool IsIdle(ExploredTask task) => task.Op == AccessOp.WaitForWork;

    private static bool ReachesItself(Wait start, List<Wait> waits)
    {
        var seen = new HashSet<ExploredTask>();
        var next = new Stack<ExploredTask>(start.For);
        while (next.Count > 0)
        {
            ExploredTask task = next.Pop();
            if (task == start.Task)
            {
                return true;
            }

            if (seen.Add(task))
            {
                waits.Where(wait => wait.Task == task).SelectMany(wait => wait.For).ToList().ForEach(next.Push);
            }
        }

        return false;
    }

    private Wait WaitOf(ExploredTask task)
    {
        string name = task.Spec.Name;
        if (machine.InterruptOf(task) is { } handler)
        {
            return new Wait(task, [handler], $"{name} is interrupted by {handler.Spec.Name}", false, false);
        }

        if (ReaderOf(task) is { } reader)
        {
            return new Wait(task, [reader], $"{name} waits for a grace period, held up by {Named(reader)}", true, false);
        }

        bool isParked = task.Op == AccessOp.Park;
        HeldLock wanted = task.Wanted;
        nint at = wanted.At != 0 ? wanted.At : task.At;
        List<ExploredTask> holders = [.. tasks.Where(other => other != task && other.HoldOf(at) is not null)];
        string what = wanted.At != 0 ? wanted.ToString()
            : holders.Count > 0 ? holders[0].HoldOf(at)!.Value.ToString()
            : isParked ? "a wakeup" : machine.Names.Of(task.At);
        if (holders.Count == 0 && task.HoldOf(at) is { } own)
        {
            return new Wait(task, [task], $"{name} waits for {own}, which it holds itself", false, isParked);
        }

        string by = holders.Count > 0 ? ", held by " + string.Join(" and ", holders.Select(Named))
            : isParked ? ", but nobody is left to wake it" : ", which nobody is left to change";
        string verb = isParked ? "sleeps for" : "waits for";
        return new Wait(task, holders, $"{name} {verb} {what}{by}", false, isParked);
    }

    private static string Named(ExploredTask task) => task.IsDone ? $"{task.Spec.Name}, which has ended" : task.Spec.Name;

    // A grace period polls the nesting word of the reader that it waits for.
    private ExploredTask? ReaderOf(ExploredTask task)
        => task.Op is AccessOp.WaitWhile or AccessOp.WaitForClear
            ? tasks.FirstOrDefault(other => machine.Arena.Task(other.Number).RcuNesting.Address == task.At) : null;

    private sealed record Wait(
        ExploredTask Task, IReadOnlyList<ExploredTask> For, string Text, bool IsForReader, bool IsParked);
}
