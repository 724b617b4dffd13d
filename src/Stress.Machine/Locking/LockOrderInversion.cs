using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Machine;

/// <summary>One edge of a circle.</summary>
/// <param name="Held">The lock that is held.</param>
/// <param name="Taken">The lock that is waited for.</param>
/// <param name="Fact">Who did it; for an interrupt, who held the lock where one may come.</param>
/// <param name="Interrupt">Who waited in the interrupt; null for the edge of one task.</param>
/// <param name="Writer">The writer behind which the reader waits that the edge ends with; null when it needs none.
/// </param>
public sealed record LockOrderStep(
    LockUse Held, LockUse Taken, LockOrderFact Fact, LockOrderFact? Interrupt, LockOrderFact? Writer);

/// <summary>Locks that are taken in a circle: a deadlock that is possible, though it need not have happened.</summary>
public sealed class LockOrderInversion
{
    private const int Width = 120;
    private const string Indent = "  ";

    internal LockOrderInversion(IReadOnlyList<LockOrderStep> steps) => Steps = steps;

    /// <summary>The circle: each step waits for what the next one holds, the last one for the first.</summary>
    public IReadOnlyList<LockOrderStep> Steps { get; }

    /// <summary>All that it rests on.</summary>
    public IReadOnlyList<LockOrderFact> Facts
        => [.. LockOrderFact.Sorted(
            Steps.SelectMany(step => new[] { step.Fact, step.Interrupt, step.Writer }).OfType<LockOrderFact>()
                .DistinctBy(fact => fact.Key))];

    /// <summary>The circle in one line, such as <c>locks are taken in a circle: a -> b -> a</c>.</summary>
    public string Text
    {
        get
        {
            string circle = Steps[0].Held.Node + string.Concat(Steps.Select(
                step => $" {(step.Interrupt is null ? "->" : "-irq->")} {step.Taken.Node}"));
            return Steps.Any(step => step.Interrupt is not null) ? $"an interrupt closes a circle of locks: {circle}"
                : Steps.Count == 1 ? $"a second lock of the same class is taken: {circle}"
                : $"locks are taken in a circle: {circle}";
        }
    }

    /// <summary>Who does what, a chain for each step, in lines of at most 120 characters.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            List<string> lines = [];
            for (int i = 0; i < Steps.Count; i++)
            {
                lines.AddRange(Wrapped($"{i + 1}. {Steps[i].Fact}"));
                lines.AddRange(Steps[i].Interrupt is { } handler ? Wrapped($"   {handler}") : []);
                lines.AddRange(Steps[i].Writer is { } writer ? Wrapped($"   {writer}") : []);
            }

            return lines;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines.Prepend(Text));

    private static IEnumerable<string> Wrapped(string line)
    {
        line = Indent + line;
        while (line.Length > Width)
        {
            int space = line.LastIndexOf(' ', Width - 1, Width - (4 * Indent.Length));
            int cut = space > 0 ? space : Width;
            yield return line[..cut].TrimEnd();
            line = string.Concat(Indent, Indent, Indent, line.AsSpan(cut).TrimStart());
        }

        yield return line;
    }
}
