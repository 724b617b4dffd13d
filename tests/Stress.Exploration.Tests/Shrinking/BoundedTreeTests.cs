using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Xunit;

namespace Stress.Exploration.Tests.Shrinking;

public sealed class BoundedTreeTests
{
    [Theory]
    [InlineData(2, 3, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(2, 3, 9)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 3, 3)]
    public void Advance_AllRuns_AreTheInterleavingsWithSoManyPreemptions(int tasks, int steps, int bound)
    {
        List<string> runs = [];
        var tree = new BoundedTree(bound);
        while (tree.Advance())
        {
            runs.Add(Run(tree, tasks, steps));
        }

        Assert.Equal(
            Interleavings([.. Enumerable.Repeat(steps, tasks)]).Where(run => Preemptions(run) <= bound).Order(),
            runs.Order());
    }

    private static string Run(BoundedTree tree, int tasks, int steps)
    {
        int[] left = [.. Enumerable.Repeat(steps, tasks)];
        string run = "";
        int current = 0;
        uint enabled = (1u << tasks) - 1;
        while (enabled != 0)
        {
            current = BitOperations.IsPow2(enabled) ? BitOperations.TrailingZeroCount(enabled)
                : tree.Pick(enabled, current, isPreemptible: run.Length > 0);
            run += current;
            enabled &= --left[current] == 0 ? ~(1u << current) : uint.MaxValue;
        }

        return run;
    }

    private static IEnumerable<string> Interleavings(int[] left)
        => left.All(steps => steps == 0) ? [""]
            : Enumerable.Range(0, left.Length).Where(task => left[task] > 0).SelectMany(
                task => Interleavings([.. left.Select((steps, other) => other == task ? steps - 1 : steps)])
                    .Select(rest => task + rest));

    // A switch away from a task that has steps left.
    private static int Preemptions(string run)
        => Enumerable.Range(1, run.Length - 1).Count(i => run[i] != run[i - 1] && run.IndexOf(run[i - 1], i) >= 0);
}
