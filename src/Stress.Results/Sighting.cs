using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Results;

/// <summary>A bug in one run: all findings of one signature, those that were expected apart from the others.</summary>
/// <param name="Signature">What makes them the same.</param>
/// <param name="IsExpected">Whether they were found where they have to be.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Places">Scenarios and variants.</param>
/// <param name="Story">A story, relative to the run's folder.</param>
/// <param name="Reproduce">A command that shows it.</param>
internal sealed record Sighting(
    BugSignature Signature,
    bool IsExpected,
    long Count,
    IReadOnlyList<string> Places,
    string? Story,
    string Reproduce)
{
    /// <summary>Tells it from others.</summary>
    public string Id => IdOf(Signature, IsExpected);

    /// <summary>The bugs of a run, in the order in which they were found.</summary>
    public static IReadOnlyList<Sighting> Of(RunSummary run)
        =>
        [
            .. run.Items.Where(item => item.Finding?.Signature is not null)
                .GroupBy(item => IdOf(item.Finding!.Signature!, IsWanted(item)))
                .Select(same => new Sighting(
                    same.First().Finding!.Signature!,
                    IsWanted(same.First()),
                    same.Sum(CountOf),
                    [.. same.Select(PlaceOf).Distinct().Order(StringComparer.Ordinal)],
                    same.Select(StoryOf).FirstOrDefault(story => story is not null),
                    same.First().Reproduce)),
        ];

    /// <summary>Scenario and variant.</summary>
    public static string PlaceOf(RunItem item) => $"{item.Scenario}@{item.Variant}";

    /// <summary>Tells bugs from each other.</summary>
    public static string IdOf(BugSignature signature, bool isExpected) => signature.Id + (isExpected ? "" : "!");

    // In a variant that is correct every finding is a surprise, and in a wrong one a finding of another kind is. One
    // that does not replay is still the one that was looked for.
    private static bool IsWanted(RunItem item) => item.IsAsExpected || item.IsFindingExpected;

    // A search with several seeds has found it as often as seeds did.
    private static long CountOf(RunItem item) => item.Killed is { Found: > 0 } killed ? killed.Found : 1;

    private static string? StoryOf(RunItem item)
        => item.Finding!.StoryPage ?? (item.Story is { IsSame: true } told ? told.Finding?.StoryPage : null)
            ?? item.Finding.Story;
}
