using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Scenarios.Litmus;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>What a grace period orders, as the lock library makes it: not as a rule of the model, but step by step.
/// </summary>
internal static class GracePeriods
{
    /// <summary>The two fences on all CPUs that each grace period makes, wherever they may meet the other tasks: from
    /// what is before one on any CPU to what is behind it on any.</summary>
    /// <remarks>A section that the first fence finds open has ended at the second.</remarks>
    public static IEnumerable<Relation> Fences(Execution run)
    {
        IEnumerable<Relation> all = [new Relation(run.Events.Length)];
        foreach (Event period in run.Events.Where(made => made.Op == LitmusOp.SynchronizeRcu))
        {
            Relation[] ways = [.. Meetings(run, period)
                .Select(met => Across(run, met.First) | Across(run, met.Second))];
            all = all.SelectMany(_ => ways, (before, way) => before | way);
        }

        return all;
    }

    /// <summary>With one memory for all: a section ends before a grace period does, or begins behind its start. Each
    /// way to keep that rule, as orders between events.</summary>
    public static IEnumerable<Relation> Interleavings(Execution run)
    {
        IEnumerable<Relation> all = [new Relation(run.Events.Length)];
        foreach (int period in Find(run, LitmusOp.SynchronizeRcu))
        {
            foreach (int begin in Find(run, LitmusOp.RcuReadLock).Where(begin => !run.Same.Has(begin, period)))
            {
                int end = Find(run, LitmusOp.RcuReadUnlock).First(end => run.Po.Has(begin, end));
                all = [.. all.SelectMany(before => new[]
                {
                    With(run, before, end, period),
                    With(run, before, period, begin),
                })];
            }
        }

        return all;
    }

    private static IEnumerable<int> Find(Execution run, LitmusOp op)
        => Enumerable.Range(0, run.Events.Length).Where(index => run.Events[index].Op == op);

    private static Relation With(Execution run, Relation before, int from, int to)
        => before | new Relation(run.Events.Length, (a, b) => a == from && b == to);

    // For each task, how many of its events are before the first and before the second fence.
    private static IEnumerable<(int[] First, int[] Second)> Meetings(Execution run, Event period)
    {
        int tasks = run.Events.Max(made => made.Thread) + 1;
        IEnumerable<(int[] First, int[] Second)> all = [(new int[tasks], new int[tasks])];
        for (int task = 0; task < tasks; task++)
        {
            int at = task;
            Event[] own = [.. run.Events.Where(made => made.Thread == at)];
            (int First, int Second)[] places = at == period.Thread
                ? [(period.Index, period.Index)]
                : [.. from first in Enumerable.Range(0, own.Length + 1)
                      from second in Enumerable.Range(first, own.Length + 1 - first)
                      where !IsOpenAcross(own, first, second)
                      select (first, second)];
            all = all.SelectMany(
                _ => places,
                (met, place) => (Set(met.First, at, place.First), Set(met.Second, at, place.Second)));
        }

        return all;
    }

    private static bool IsOpenAcross(Event[] own, int first, int second)
    {
        int begin = Array.FindIndex(own, made => made.Op == LitmusOp.RcuReadLock);
        int end = Array.FindIndex(own, made => made.Op == LitmusOp.RcuReadUnlock);
        return begin >= 0 && begin < first && end >= second;
    }

    private static Relation Across(Execution run, int[] fence)
        => new(run.Events.Length, (a, b) =>
            run.Events[a] is { Thread: >= 0, IsAccess: true } before && before.Index < fence[before.Thread]
            && run.Events[b] is { Thread: >= 0, IsAccess: true } after && after.Index >= fence[after.Thread]);

    private static int[] Set(int[] values, int index, int value)
    {
        int[] copy = [.. values];
        copy[index] = value;
        return copy;
    }
}
