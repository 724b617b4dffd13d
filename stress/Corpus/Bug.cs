using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;

namespace Stress.Corpus;

/// <summary>A variant in which something is to be found.</summary>
/// <param name="Scenario">Where.</param>
/// <param name="Variant">What is wrong.</param>
internal sealed record Bug(Scenario Scenario, Variant Variant)
{
    /// <summary>Its name in the corpus; its place where it has none.</summary>
    public string Name => Variant.CorpusEntry ?? $"{Scenario.Name}@{Variant.Name}";

    /// <summary>The correct variant that it is paired with; null when it has none.</summary>
    public Variant? Twin => Scenario.Variants.FirstOrDefault(other => other.Name == Variant.CorrectTwin);

    /// <summary>The bugs of a catalog whose name, scenario or variant matches a pattern with <c>*</c> and <c>?</c>.
    /// </summary>
    public static IReadOnlyList<Bug> Of(IReadOnlyList<Scenario> catalog, string pattern)
    {
        return [.. from scenario in catalog
                   from variant in scenario.Variants
                   where !variant.Expected.IsClean
                   let bug = new Bug(scenario, variant)
                   where Matches(bug.Name) || Matches(scenario.Name) || Matches($"{scenario.Name}@{variant.Name}")
                   select bug];

        bool Matches(string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
    }

    /// <summary>The memory model under which it shows.</summary>
    public MemoryModel Memory => Variant.NeedsWeakMemory ? MemoryModel.Weak : MemoryModel.Sc;

    /// <summary>The command that shows it.</summary>
    public string Watch => $"explore {Scenario.Name} --variant {Variant.Name}"
        + (Memory == MemoryModel.Weak ? " --memory weak" : "");
}
