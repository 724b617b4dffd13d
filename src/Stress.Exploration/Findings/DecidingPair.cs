namespace Stress.Exploration;

/// <summary>The two events of a failed run whose order makes the difference.</summary>
/// <param name="First">The one that came first, as an index into the events of the run.</param>
/// <param name="Second">The one that came second.</param>
public sealed record DecidingPair(int First, int Second);
