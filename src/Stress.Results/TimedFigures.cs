namespace Stress.Results;

/// <summary>Times of one benchmark with one set of parameters.</summary>
/// <param name="Threads">Threads that ran it; null where the benchmark does not say.</param>
/// <param name="MedianNs">Nanoseconds of an operation: median of all iterations.</param>
/// <param name="MinNs">The fastest iteration.</param>
/// <param name="Iterations">How many iterations.</param>
/// <param name="DifferenceFromItself">The A/A difference: 0.05 for 5 %; null when it was measured once only.</param>
/// <param name="Ratio">To the first layout of the run; null for the first layout itself.</param>
/// <param name="Comparison">With the baseline run; null without one.</param>
public sealed record TimedFigures(
    int? Threads, double MedianNs, double MinNs, int Iterations, double? DifferenceFromItself, RatioEstimate? Ratio,
    SeriesComparison? Comparison);

/// <summary>Times of one of several benchmarks.</summary>
/// <param name="Name">What tells it from the others: class, method and parameters.</param>
/// <param name="Layout">The layout that was timed; null where it has none.</param>
/// <param name="Timed">The times.</param>
public sealed record SeriesFigures(string Name, string? Layout, TimedFigures Timed);
