namespace Stress.Exploration;

/// <summary>What a page says about a story.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Variant">The variant's name.</param>
/// <param name="Reproduce">The command that repeats the run.</param>
public sealed record StoryTitle(string Scenario, string Variant, string Reproduce);
