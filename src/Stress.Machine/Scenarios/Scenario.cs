using System;
using System.Collections.Generic;

namespace Stress.Machine;

/// <summary>A named scenario with the versions of the algorithm that it can run.</summary>
/// <param name="Name"><c>subsystem/what</c>, in lower case with hyphens.</param>
/// <param name="Summary">What the tasks do, in one sentence.</param>
/// <param name="Version">Raised whenever an older trace no longer means the same.</param>
/// <param name="Variants">The versions; the first is the default.</param>
public sealed record Scenario(string Name, string Summary, int Version, IReadOnlyList<Variant> Variants);

/// <summary>What is to be found in a variant.</summary>
/// <param name="Kind">The finding's kind; null for a clean variant.</param>
/// <param name="Text">What the finding's text contains.</param>
/// <param name="Alternative">Another symptom of the same bug, where schedules differ in what they run into first.</param>
public sealed record Expectation(FindingKind? Kind, string Text, Expectation? Alternative = null)
{
    /// <summary>Nothing is to be found.</summary>
    public static Expectation Clean { get; } = new(null, "");

    /// <summary>Whether nothing is to be found.</summary>
    public bool IsClean => Kind is null;

    /// <summary>A finding of a kind whose text contains <paramref name="text"/>.</summary>
    public static Expectation Violates(FindingKind kind, string text) => new(kind, text);

    /// <summary>The same, or a finding of another kind.</summary>
    public Expectation Or(FindingKind kind, string text)
        => this with { Alternative = Alternative?.Or(kind, text) ?? Violates(kind, text) };

    /// <summary>Whether a finding, or none, is what was expected.</summary>
    public bool IsMetBy(FindingKind? kind, string? text)
        => (Kind == kind && (IsClean || (text ?? "").Contains(Text, StringComparison.Ordinal)))
            || (Alternative is not null && Alternative.IsMetBy(kind, text));

    /// <inheritdoc/>
    public override string ToString()
        => IsClean ? "clean"
            : $"{Kind!.Value.Name()}: {Text}{(Alternative is null ? "" : $", or {Alternative}")}";
}

/// <summary>One version of the algorithm in a scenario: the merged one, an older one, or a mutant.</summary>
public abstract class Variant
{
    /// <summary>Such as <c>v7</c> or <c>no-recheck</c>; unique in its scenario.</summary>
    public required string Name { get; init; }

    /// <summary>What is different, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it comes from: a patch, a review, an upstream fix, or a mutant.</summary>
    public required string Source { get; init; }

    /// <summary>What exploring it must come to; where it <see cref="NeedsWeakMemory"/>, under weak memory.</summary>
    public required Expectation Expected { get; init; }

    /// <summary>Whether its bug shows only where accesses pass each other: sequentially consistent, it is clean.</summary>
    public bool NeedsWeakMemory { get; init; }

    /// <summary>The correct variant that a wrong one is paired with; null for the variants that are correct.</summary>
    public string? CorrectTwin { get; init; }

    /// <summary>The entry of the bug corpus that it stands for, if any.</summary>
    public string? CorpusEntry { get; init; }

    /// <summary>What a hammer run may run into although the explored program is clean: a known defect of this version
    /// that only longer programs reach. Null when a finding of a correct variant is a surprise.</summary>
    public string? KnownDefect { get; init; }

    /// <summary>Schedules within which its bug must be found.</summary>
    public int ScheduleBudget { get; init; } = 50_000;

    /// <summary>Its tasks and sizes.</summary>
    public abstract ScenarioPlan Plan { get; }

    /// <summary>What exploring it must come to under one memory model.</summary>
    /// <param name="weak">Whether accesses may pass each other.</param>
    public Expectation ExpectedIn(bool weak) => NeedsWeakMemory && !weak ? Expectation.Clean : Expected;

    /// <summary>Hands the scenario's type to somebody who needs it: the one place where a type is chosen by name.
    /// </summary>
    public abstract TResult Accept<TResult>(IScenarioVisitor<TResult> visitor);
}

/// <summary>A variant that is the scenario type <typeparamref name="TScenario"/>.</summary>
public sealed class Variant<TScenario> : Variant
    where TScenario : struct, IScenario<TScenario>
{
    /// <inheritdoc/>
    public override ScenarioPlan Plan => TScenario.Plan;

    /// <inheritdoc/>
    public override TResult Accept<TResult>(IScenarioVisitor<TResult> visitor) => visitor.Visit<TScenario>();
}

/// <summary>Does something with a scenario type.</summary>
/// <typeparam name="TResult">What it comes to.</typeparam>
public interface IScenarioVisitor<out TResult>
{
    /// <summary>Does it.</summary>
    TResult Visit<TScenario>() where TScenario : struct, IScenario<TScenario>;
}
