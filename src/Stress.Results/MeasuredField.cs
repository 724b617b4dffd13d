namespace Stress.Results;

/// <summary>One field of a machine file that was measured.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Value">What the file says.</param>
/// <param name="Source">How it was measured, or where else it comes from.</param>
/// <param name="FastestNs">The fastest sample; null for what is no measured time.</param>
/// <param name="MedianNs">The median sample.</param>
/// <param name="Samples">How many samples.</param>
public sealed record MeasuredField(
    string Field, string Value, string Source, double? FastestNs, double? MedianNs, int? Samples);
