namespace Stress.Exploration;

/// <summary>What shrinking a trace came to.</summary>
/// <param name="Finding">The finding with its smaller trace; null when the trace does not reproduce.</param>
/// <param name="Divergence">How the run left the trace; null when it reproduces.</param>
public sealed record ShrinkResult(Finding? Finding, string? Divergence);
