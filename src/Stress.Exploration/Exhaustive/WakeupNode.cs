namespace Stress.Exploration;

/// <summary>A step that is still to be made in some place, and those that are to follow it.</summary>
/// <remarks>Children are ordered: the first is made first. A leaf goes on freely. Source: wakeup trees, Abdulla,
/// Aronis, Jonsson, Sagonas, Optimal Dynamic Partial Order Reduction, POPL 2014.</remarks>
internal sealed class WakeupNode
{
    /// <summary>The step.</summary>
    public StepRecord Step { get; } = new();

    public WakeupNode? FirstChild { get; set; }

    public WakeupNode? Next { get; set; }
}
