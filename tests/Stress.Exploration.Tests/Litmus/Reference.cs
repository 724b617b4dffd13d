using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Stress.Scenarios.Litmus;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>The outcomes of one litmus test, by axioms.</summary>
/// <param name="Candidates">All that could be written down.</param>
/// <param name="Interleaved">Those that an interleaving explains.</param>
/// <param name="Required">Those that a machine must show which makes every read before the writes behind it, and grace
/// periods of fences.</param>
/// <param name="Allowed">Those that the kernel's model allows.</param>
internal sealed record Reference(
    IReadOnlySet<string> Candidates,
    IReadOnlySet<string> Interleaved,
    IReadOnlySet<string> Required,
    IReadOnlySet<string> Allowed)
{
    private static readonly ConcurrentDictionary<LitmusTest, Reference> s_known = new();

    public static Reference Of(LitmusFamily family, LitmusTest test)
        => s_known.GetOrAdd(test, static (test, family) => Derive(family, test), family);

    private static Reference Derive(LitmusFamily family, LitmusTest test)
    {
        var candidates = new SortedSet<string>(StringComparer.Ordinal);
        var interleaved = new SortedSet<string>(StringComparer.Ordinal);
        var required = new SortedSet<string>(StringComparer.Ordinal);
        var allowed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Execution run in Execution.Of(family, test))
        {
            candidates.Add(run.Outcome);
            if (!KernelModel.IsCoherent(run))
            {
                continue;
            }

            Add(interleaved, run, IsInterleaving);
            Add(required, run, IsShown);
            Add(allowed, run, KernelModel.Allows);
        }

        return new Reference(candidates, interleaved, required, allowed);
    }

    private static void Add(SortedSet<string> outcomes, Execution run, Predicate<Execution> isPossible)
    {
        if (!outcomes.Contains(run.Outcome) && isPossible(run))
        {
            outcomes.Add(run.Outcome);
        }
    }

    private static bool IsInterleaving(Execution run)
        => GracePeriods.Interleavings(run).Any(order => (order | run.Po | run.Rf | run.Co | run.Fr).IsAcyclic);

    private static bool IsShown(Execution run)
    {
        Relation readsFirst = run.Po.Where((a, b) => run.Events[a].IsRead && run.Events[b].IsWrite);
        return GracePeriods.Fences(run).Any(fences => KernelModel.Allows(run, fences, readsFirst));
    }
}
