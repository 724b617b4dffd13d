using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Results;

/// <summary>What is different in the order of locks between two runs.</summary>
/// <remarks>Who did it first does not count, nor on which machine. Only variants that both runs have are compared.
/// </remarks>
public static class LockOrderDiff
{
    /// <summary>The differences: by scenario and variant in the order of their names, then by what was seen.</summary>
    public static IReadOnlyList<LockOrderChange> Between(LockOrderFile before, LockOrderFile after)
    {
        Dictionary<(string Scenario, string Variant), Dictionary<LockOrderKey, LockOrderFact>> old = ByVariant(before);
        return [.. ByVariant(after).Where(variant => old.ContainsKey(variant.Key))
            .OrderBy(variant => variant.Key.Scenario, StringComparer.Ordinal)
            .ThenBy(variant => variant.Key.Variant, StringComparer.Ordinal)
            .SelectMany(variant => Changes(variant.Key, old[variant.Key], variant.Value))];
    }

    private static IEnumerable<LockOrderChange> Changes(
        (string Scenario, string Variant) of,
        Dictionary<LockOrderKey, LockOrderFact> before,
        Dictionary<LockOrderKey, LockOrderFact> after)
        => LockOrderFact.Sorted(after.Values.Where(fact => !before.ContainsKey(fact.Key)))
            .Select(fact => new LockOrderChange(of.Scenario, of.Variant, IsNew: true, fact))
            .Concat(LockOrderFact.Sorted(before.Values.Where(fact => !after.ContainsKey(fact.Key)))
                .Select(fact => new LockOrderChange(of.Scenario, of.Variant, IsNew: false, fact)));

    private static Dictionary<(string Scenario, string Variant), Dictionary<LockOrderKey, LockOrderFact>> ByVariant(
        LockOrderFile file)
        => file.Items.GroupBy(item => (item.Scenario, item.Variant)).ToDictionary(
            group => group.Key,
            group => group.SelectMany(item => item.Facts).DistinctBy(fact => fact.Key).ToDictionary(fact => fact.Key));
}

/// <summary>Something that only one of two runs has shown.</summary>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Variant">Name of the variant.</param>
/// <param name="IsNew">Whether the later run has it; otherwise the earlier one.</param>
/// <param name="Fact">What it is.</param>
public sealed record LockOrderChange(string Scenario, string Variant, bool IsNew, LockOrderFact Fact);
