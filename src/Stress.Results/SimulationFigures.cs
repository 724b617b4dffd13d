using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What a simulation came to.</summary>
/// <param name="Machine">Name of the machine.</param>
/// <param name="Title">What it is.</param>
/// <param name="Prefetches">Whether its pair prefetcher worked.</param>
/// <param name="Operations">Measured operations of each CPU.</param>
/// <param name="Cells">A layout on a number of CPUs each; layouts in the order in which they were asked for.</param>
public sealed record SimulationFigures(
    string Machine, string Title, bool Prefetches, int Operations, IReadOnlyList<SimulationCellFigures> Cells)
{
    /// <summary>What is to be known of the field that costs most; null when no field was fought for.</summary>
    public FieldFigures? Field { get; init; }

    /// <summary>The prediction beside what was measured on the real machine; null when it was not asked for.</summary>
    public IReadOnlyList<ValidationFigures>? Validation { get; init; }
}

/// <summary>A layout on a number of CPUs.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Cpus">CPUs.</param>
/// <param name="PerSecond">Operations a second of elapsed time: harmonic mean of the iterations.</param>
/// <param name="PerCpuSecond">Operations a second of CPU time: harmonic mean of the iterations.</param>
/// <param name="Change">Of <paramref name="PerSecond"/> against the first layout; 0.1 is 10 % more.</param>
/// <param name="UserSeconds">Of the first iteration.</param>
/// <param name="SystemSeconds">Of the first iteration.</param>
/// <param name="ElapsedSeconds">Of the first iteration, on the simulated machine.</param>
/// <param name="AsleepSeconds">Of the first iteration, of all tasks.</param>
/// <param name="Lines">Lines that were fought for in the first iteration, the worst first.</param>
/// <param name="Locks">Locks that were waited for in the first iteration.</param>
public sealed record SimulationCellFigures(
    string Layout, int Cpus, double PerSecond, double PerCpuSecond, double Change, double UserSeconds,
    double SystemSeconds, double ElapsedSeconds, double AsleepSeconds, IReadOnlyList<LineFigures> Lines,
    IReadOnlyList<SimulatedLockFigures> Locks);

/// <summary>A line that was fought for.</summary>
/// <param name="Object">The object that it belongs to.</param>
/// <param name="Offset">Where in the object it begins.</param>
/// <param name="HitmLocal">Loads served by a core of the same socket that had modified it.</param>
/// <param name="HitmRemote">Loads served by a core of another socket that had modified it.</param>
/// <param name="StoreHits">Stores that found it.</param>
/// <param name="StoreMisses">Stores that had to get it.</param>
/// <param name="LostNs">Time that was waited for it, in nanoseconds.</param>
/// <param name="Words">Its words.</param>
public sealed record LineFigures(
    string Object, int Offset, long HitmLocal, long HitmRemote, long StoreHits, long StoreMisses, long LostNs,
    IReadOnlyList<WordFigures> Words)
{
    /// <summary>How many lines it stands for: the same one of all objects of a kind. 1 in runs of older versions.
    /// </summary>
    public int Lines { get; init; } = 1;
}

/// <summary>A word of such a line, as one operation used it.</summary>
/// <param name="Field">The field.</param>
/// <param name="Offset">Where in the object it is.</param>
/// <param name="Operation">The kernel function.</param>
/// <param name="Loads">Loads that missed.</param>
/// <param name="HitmLocal">As for the line.</param>
/// <param name="HitmRemote">As for the line.</param>
/// <param name="StoreHits">As for the line.</param>
/// <param name="StoreMisses">As for the line.</param>
/// <param name="LostNs">As for the line.</param>
public sealed record WordFigures(
    string Field, int Offset, string Operation, long Loads, long HitmLocal, long HitmRemote, long StoreHits,
    long StoreMisses, long LostNs);

/// <summary>The locks of a class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Acquired">How often one was taken.</param>
/// <param name="Contended">How often it was waited for.</param>
/// <param name="WaitedNs">Time waited, in nanoseconds.</param>
public sealed record SimulatedLockFigures(string Class, long Acquired, long Contended, long WaitedNs);

/// <summary>The field that costs most.</summary>
/// <param name="Layout">In which layout.</param>
/// <param name="Object">In which object.</param>
/// <param name="Field">The field.</param>
/// <param name="Offset">Where in the object.</param>
/// <param name="Before">Operations a second as it is.</param>
/// <param name="After">The same with the field on lines of its own.</param>
public sealed record FieldFigures(
    string Layout, string Object, string Field, int Offset, double Before, double After);

/// <summary>A prediction and a measurement.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Cpus">On how many CPUs.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Predicted">What the simulation says.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Source">Where the measurement comes from.</param>
public sealed record ValidationFigures(
    string What, int Cpus, double Measured, double Predicted, string Unit, string Source);
