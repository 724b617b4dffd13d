using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Stress.CommandLine;
using Stress.Machine;

namespace Stress.Nightly;

/// <summary>What a night runs.</summary>
internal sealed record Plan
{
    /// <summary>How it was asked for: a name or a path.</summary>
    public required string Name { get; init; }

    /// <summary>The text that it was read from.</summary>
    public required string Text { get; init; }

    /// <summary>What it is for, in one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Time for all of it; null when the limits of the entries hold.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Pattern of the scenarios from which known-bad variants are taken that every night has to find.
    /// </summary>
    public string SelfTest { get; init; } = "*";

    /// <summary>What makes a night red.</summary>
    public Gates Gates { get; init; } = new();

    /// <summary>Its entries; at least one.</summary>
    public IReadOnlyList<PlanEntry> Entries { get; init; } = [];

    /// <summary>The self-test, and all that the entries select, in their order.</summary>
    /// <exception cref="UsageException">An entry selects nothing, or what it cannot run.</exception>
    public IReadOnlyList<PlanItem> Expand(IReadOnlyList<Scenario> catalog)
    {
        List<PlanItem> items = [.. Nightly.SelfTest.Select(catalog, SelfTest)];
        if (items.Count == 0)
        {
            throw new UsageException(
                $"plan '{Name}', selfTest: no wrong variant of a scenario '{SelfTest}'; without one to find, a night "
                + "proves nothing");
        }

        for (int i = 0; i < Entries.Count; i++)
        {
            items.AddRange(Selected(catalog, i));
        }

        return WithOwnKeys(items);
    }

    /// <summary>Equal for the same plan over the same scenarios.</summary>
    /// <param name="items">All that it expands to.</param>
    public string Hash(IReadOnlyList<PlanItem> items)
    {
        IEnumerable<string> parts = items.Select(item => $"{item.Key} {item.Scenario.Version}").Prepend(Text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];
    }

    private List<PlanItem> Selected(IReadOnlyList<Scenario> catalog, int index)
    {
        PlanEntry entry = Entries[index];
        string at = $"plan '{Name}', line {entry.Line}, entries[{index}]";
        List<PlanItem> selected = [.. catalog.SelectMany(entry.Select)];
        if (selected.Count == 0)
        {
            string near = catalog.Any(scenario => scenario.Name == entry.Scenarios)
                ? ""
                : NearestName.Suggestion(entry.Scenarios, catalog.Select(scenario => scenario.Name));
            throw new UsageException(
                $"{at}: no {entry.ExpectedWord}variant '{entry.Variants}' of a scenario '{entry.Scenarios}'"
                + (near.Length > 0 ? near : "; 'stress list variants' names them all"));
        }

        return entry.Kind.WhatIsWrong(selected) is { } wrong ? throw new UsageException($"{at}: {wrong}") : selected;
    }

    // Two entries may run the same variant in the same way with other limits.
    private static List<PlanItem> WithOwnKeys(List<PlanItem> items)
    {
        var seen = new Dictionary<string, int>();
        for (int i = 0; i < items.Count; i++)
        {
            int times = seen[items[i].Key] = seen.GetValueOrDefault(items[i].Key) + 1;
            items[i] = times == 1 ? items[i] : items[i] with { Key = $"{items[i].Key}~{times}" };
        }

        return items;
    }
}

/// <summary>One variant to be run in one way.</summary>
/// <param name="Entry">How.</param>
/// <param name="Scenario">What.</param>
/// <param name="Variant">Which version of it.</param>
/// <param name="Key">Its name within the plan, the same however the plan is cut or put in order.</param>
internal sealed record PlanItem(PlanEntry Entry, Scenario Scenario, Variant Variant, string Key)
{
    /// <summary>Whether the night is red when nothing is found here.</summary>
    public bool IsSelfTest { get; init; }
}
