namespace Stress.Exploration;

/// <summary>Two events of a run whose order decides whether it fails: the other way round, the run passes.</summary>
/// <param name="First">Index of the earlier one, among the recorded events.</param>
/// <param name="Second">Index of the later one.</param>
public sealed record DecidingPair(int First, int Second)
{
    /// <summary>Name of the task of the earlier one.</summary>
    public string FirstTask { get; init; } = "";

    /// <summary>What it did, in words.</summary>
    public string FirstText { get; init; } = "";

    /// <summary>Name of the task of the later one.</summary>
    public string SecondTask { get; init; } = "";

    /// <summary>What it did, or waited to do, in words.</summary>
    public string SecondText { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{FirstTask}: {FirstText}, before {SecondTask}: {SecondText}";
}
