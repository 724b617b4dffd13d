namespace Stress.Exploration;

/// <summary>What repeating a trace came to.</summary>
/// <param name="Times">How often it was repeated.</param>
/// <param name="Matched">How often it came to the recorded finding with the recorded hash.</param>
/// <param name="Divergence">How the first repetition that did not match differed; null when all did.</param>
/// <param name="Finding">The repeated finding; null when the first repetition did not match.</param>
public sealed record ReplayResult(int Times, int Matched, string? Divergence, Finding? Finding);
