using System.Collections.Generic;

namespace Stress.Results;

/// <summary>What it takes to find a known bug, and whether its correct twin is clean: a line of the kill table.</summary>
/// <param name="Bug">The corpus entry; the scenario and variant where there is none.</param>
/// <param name="Kind">Kind of the expected finding.</param>
/// <param name="Found">Seeds that found it within its budget.</param>
/// <param name="Seeds">Seeds tried.</param>
/// <param name="Schedules">Schedules to the first find, for each seed that found it, in the order of the seeds.</param>
/// <param name="MedianSchedules">Their median; null when no seed found it.</param>
/// <param name="MedianSeconds">Median time of a search, in seconds.</param>
/// <param name="Strategy">The strategy that found it most often; null when none did.</param>
/// <param name="Twin">The correct variant that it is paired with; null when it has none.</param>
/// <param name="TwinSchedules">Schedules of the twin that were run.</param>
/// <param name="TwinFinding">What the twin came to instead of nothing; null when it is clean.</param>
/// <param name="OtherFinding">What a seed came to instead of the expected finding; null when none did.</param>
public sealed record KillFigures(
    string Bug,
    string Kind,
    int Found,
    int Seeds,
    IReadOnlyList<long> Schedules,
    long? MedianSchedules,
    double MedianSeconds,
    string? Strategy,
    string? Twin,
    long TwinSchedules,
    string? TwinFinding,
    string? OtherFinding);
