using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Exploration;

/// <summary>What is known of a failure on real threads, to look for it among the schedules of the same variant.
/// </summary>
/// <param name="Kind">What went wrong there.</param>
/// <param name="Text">The condition, or what was found.</param>
/// <param name="Tails">What each task did last.</param>
public sealed record Guide(FindingKind Kind, string Text, IReadOnlyList<TaskTail> Tails)
{
    /// <summary>What a failed hammer run knows.</summary>
    /// <exception cref="ArgumentException">The run did not fail.</exception>
    public static Guide Of(HammerResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Finding is { } finding
            ? new Guide(finding.Kind, finding.Text, [.. result.Tails])
            : throw new ArgumentException("The hammer run did not fail.", nameof(result));
    }

    /// <summary>Whether a finding of the explored machine is the same failure.</summary>
    /// <remarks>A condition has the same words on both machines. Accesses do not, as objects have other names there, so
    /// the kind has to do. A hang is told more exactly when explored; and a circle of locks may close.</remarks>
    public bool IsMetBy(FindingKind kind, string text) => Kind switch
    {
        FindingKind.Hang => kind is FindingKind.Deadlock or FindingKind.MissedWakeup or FindingKind.RcuStall
            or FindingKind.StepBound or FindingKind.Hang,
        FindingKind.LockOrder => kind == FindingKind.Deadlock || IsWorded(kind, text),
        FindingKind.UseAfterFree or FindingKind.DoubleFree or FindingKind.Leak => kind == Kind,
        _ => IsWorded(kind, text),
    };

    /// <summary>For each task of the plan the operations that those who played it were inside, or else ended last.
    /// </summary>
    internal string[][] Operations(int tasks)
        =>
        [
            .. Enumerable.Range(0, tasks).Select(task => Tails.Where(tail => tail.Role == task)
                .SelectMany(tail => tail.Operations.Any(operation => operation.IsOpen)
                    ? tail.Operations.Where(operation => operation.IsOpen) : Last(tail))
                .Select(operation => operation.Name)
                .Distinct().Order(StringComparer.Ordinal).ToArray()),
        ];

    /// <summary>The tasks of the plan, those first whose role has ended nothing for the longest time: they were about
    /// something, or stood still, while the others came by.</summary>
    internal int[] Order(int tasks)
        => [.. Enumerable.Range(0, tasks).OrderBy(LastEnd).ThenBy(task => task)];

    private static IEnumerable<TailOperation> Last(TaskTail tail)
    {
        TailOperation? outermost = tail.Operations.LastOrDefault(operation => operation.Depth == 0);
        return outermost is null ? [] : [outermost];
    }

    private int LastEnd(int task)
        => Tails.Where(tail => tail.Role == task)
            .Select(tail => tail.Operations.Max(operation => operation.Ended) ?? 0)
            .DefaultIfEmpty(int.MaxValue)
            .Min();

    private bool IsWorded(FindingKind kind, string text)
        => FindingSignature.Of(kind, text, "") == FindingSignature.Of(Kind, Text, "");
}
