using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;
using Stress.Machine;

namespace Stress.Nightly;

/// <summary>What every night has to find, or nothing that it says is to be trusted: for each kind of finding a variant
/// that has it, and one that has it under weak memory alone.</summary>
internal static class SelfTest
{
    private static readonly PlanEntry s_entry = new()
    {
        Line = 0,
        Kind = ItemKinds.Named("explore"),
        Expected = PlanEntry.Violation,
        Replays = 1,
    };

    /// <summary>The first of each kind in the order of the catalog.</summary>
    /// <param name="catalog">The scenarios there are.</param>
    /// <param name="pattern">Of the names of those to take from.</param>
    public static IEnumerable<PlanItem> Select(IReadOnlyList<Scenario> catalog, string pattern)
        => catalog.Where(scenario => FileSystemName.MatchesSimpleExpression(pattern, scenario.Name, ignoreCase: false))
            .SelectMany(s_entry.Select)
            .GroupBy(item => (item.Variant.Expected.Kind, item.Variant.NeedsWeakMemory))
            .DistinctBy(group => group.Key.NeedsWeakMemory ? null : group.Key.Kind)
            .Select(group => group.First())
            .Select(item => item with { Key = $"self-test/{item.Key}", IsSelfTest = true });
}
