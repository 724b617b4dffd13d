using System;
using System.Globalization;

namespace Stress.Exploration;

/// <summary>The chance that a bug of some depth was there and was missed.</summary>
/// <remarks>Each run of PCT with depth d finds a bug of depth d with a probability of at least 1 / (n · k^(d−1)), for n
/// tasks and k decisions: see <see cref="PctStrategy"/>. Other strategies promise nothing and count nothing.</remarks>
/// <param name="Depth">Ordering constraints of the bug.</param>
/// <param name="Chance">At most so likely, from 0 to 1.</param>
public sealed record MissBound(int Depth, double Chance)
{
    // Whatever is smaller says nothing more.
    private const double Smallest = 1e-9;

    /// <summary>The bound after some runs of PCT with that depth.</summary>
    public static MissBound Of(int depth, long runs, int tasks, int decisions)
        => new(depth, Math.Exp(runs * Math.Log(1 - (1 / (tasks * Math.Pow(decisions, depth - 1))))));

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"chance to miss a bug of depth {Depth} {Limit}");

    private string Limit => Chance < Smallest ? "below 1e-9"
        : string.Create(CultureInfo.InvariantCulture, $"at most {Chance:0.##e+0}");
}
