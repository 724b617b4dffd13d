namespace Stress.Exploration;

/// <summary>How much there is to a run, for somebody who reads it.</summary>
/// <param name="Tasks">Tasks that started.</param>
/// <param name="Preemptions">Switches away from a task that could have gone on.</param>
/// <param name="Operations">Outermost operations that began.</param>
/// <param name="Switches">Accesses that follow one of another task.</param>
/// <param name="Draws">Sum of what was drawn: choices, and 1 for each event that happened.</param>
/// <param name="Points">Scheduling points.</param>
/// <param name="Decisions">Decisions in its trace.</param>
public sealed record RunMeasure(
    int Tasks, int Preemptions, int Operations, int Switches, int Draws, int Points, int Decisions)
{
    /// <summary>Whether there is less to it. The first figure that differs decides: they stand in the order of what
    /// they cost a reader.</summary>
    public bool IsSmallerThan(RunMeasure other)
        => (Tasks, Preemptions, Operations, Switches, Draws, Points, Decisions).CompareTo((
            other.Tasks, other.Preemptions, other.Operations, other.Switches, other.Draws, other.Points,
            other.Decisions)) < 0;
}
