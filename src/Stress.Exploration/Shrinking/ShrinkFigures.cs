namespace Stress.Exploration;

/// <summary>What a failed run was made smaller from.</summary>
/// <param name="Before">The run as it was found.</param>
/// <param name="After">The run that is reported.</param>
/// <param name="Runs">Runs that it took.</param>
/// <param name="IsSequential">Whether the tasks come to the same finding one after the other, in any order: nothing
/// concurrent is needed, and no two events decide.</param>
public sealed record ShrinkFigures(RunMeasure Before, RunMeasure After, int Runs, bool IsSequential);
