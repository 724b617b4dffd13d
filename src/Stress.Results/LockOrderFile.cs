using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Serialization;
using Stress.Machine;

namespace Stress.Results;

/// <summary>The order of locks that a run has shown: the content of its <c>lock-order.json</c>.</summary>
public sealed record LockOrderFile
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string Name = "lock-order.json";

    /// <summary>Version of the file's form; raised whenever a reader of the older form would go wrong.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version that the file was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The items that showed something, in the order in which they were run.</summary>
    public IReadOnlyList<LockOrderItem> Items { get; init; } = [];
}

/// <summary>The order of locks in one variant on one machine.</summary>
/// <param name="Machine"><c>explore</c> or <c>hammer</c>.</param>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Variant">Name of the variant.</param>
/// <param name="Locks">The classes, with their subclasses, in the order of their names.</param>
/// <param name="Facts">What was seen, each with who did it first; edges are of the kind <c>order</c>.</param>
public sealed record LockOrderItem(
    string Machine, string Scenario, string Variant, IReadOnlyList<string> Locks, IReadOnlyList<LockOrderFact> Facts)
{
    /// <summary>An item, with its locks named from its facts.</summary>
    public static LockOrderItem Of(string machine, string scenario, string variant, IReadOnlyList<LockOrderFact> facts)
        => new(
            machine,
            scenario,
            variant,
            [.. facts.SelectMany(fact => fact.Holding.Append(fact.Taken)).Order().Select(use => use.Node).Distinct()],
            facts);

    /// <summary>Whether both say the same of the same variant.</summary>
    public bool IsSame(LockOrderItem other)
    {
        System.ArgumentNullException.ThrowIfNull(other);
        return Machine == other.Machine && Scenario == other.Scenario && Variant == other.Variant
            && Facts.Select(fact => fact.Key).SequenceEqual(other.Facts.Select(fact => fact.Key));
    }

    /// <summary>What a summary says of it.</summary>
    [JsonIgnore]
    public LockOrderFigures Figures => new(
        Locks.Count,
        Facts.Where(fact => fact.Kind == LockOrderKind.Order)
            .Select(fact => (fact.Held!.Value.Node, fact.Taken.Node)).Distinct().Count(),
        LockOrderFile.Name);
}

/// <summary>How much of the order of locks was seen.</summary>
/// <param name="Locks">Classes and subclasses.</param>
/// <param name="Edges">Pairs of them of which one was waited for while the other was held.</param>
/// <param name="File">Where they are, relative to the run's folder.</param>
public sealed record LockOrderFigures(int Locks, int Edges, string File);
