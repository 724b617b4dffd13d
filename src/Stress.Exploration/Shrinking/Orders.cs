using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>Orders of a few tasks.</summary>
internal static class Orders
{
    // 4! = 24 orders; beyond that the rotations, both ways round.
    private const int MaxPermuted = 4;

    /// <summary>All orders of up to four tasks, and for more of them each task once first and once last.</summary>
    public static IEnumerable<IReadOnlyList<int>> Of(IReadOnlyList<int> tasks)
        => tasks.Count <= MaxPermuted ? Permuted(tasks) : Rotated(tasks).Concat(Rotated([.. tasks.Reverse()]));

    private static IEnumerable<IReadOnlyList<int>> Permuted(IReadOnlyList<int> tasks)
        => tasks.Count <= 1 ? [tasks]
            : tasks.SelectMany(first => Permuted([.. tasks.Where(task => task != first)])
                .Select(rest => (IReadOnlyList<int>)[first, .. rest]));

    private static IEnumerable<IReadOnlyList<int>> Rotated(IReadOnlyList<int> tasks)
        => Enumerable.Range(0, tasks.Count).Select(
            start => (IReadOnlyList<int>)[.. tasks.Skip(start), .. tasks.Take(start)]);
}
