using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.CommandLine;

/// <summary>Scenarios and variants by their names.</summary>
internal static class Selection
{
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Scenario Scenario(this IReadOnlyList<Scenario> catalog, string? name)
    {
        if (name is null)
        {
            throw new UsageException("SCENARIO is missing; 'stress list' names them all");
        }

        string near = NearestName.Suggestion(name, catalog.Select(scenario => scenario.Name));
        return catalog.FirstOrDefault(scenario => scenario.Name == name)
            ?? throw new UsageException($"unknown scenario '{name}'{OrElse(near, "; 'stress list' names them all")}");
    }

    /// <param name="scenario">Where to look.</param>
    /// <param name="name">Null for the default, the first.</param>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static Variant Variant(this Scenario scenario, string? name)
    {
        if (name is null)
        {
            return scenario.Variants[0];
        }

        IEnumerable<string> names = scenario.Variants.Select(variant => variant.Name);
        string near = NearestName.Suggestion(name, names);
        return scenario.Variants.FirstOrDefault(variant => variant.Name == name)
            ?? throw new UsageException(
                $"unknown variant '{name}' of {scenario.Name}{OrElse(near, $"; it has: {string.Join(", ", names)}")}");
    }

    private static string OrElse(string text, string other) => text.Length == 0 ? other : text;
}
